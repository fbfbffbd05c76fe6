// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::s3 {

/// What S3 calls a public bucket policy: one with a statement that allows something to more than
/// fixed values of whom it trusts, by its Principal or by its Condition
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html,
/// "The meaning of public"). Deny statements don't count. `policy`: one that parses; what does not
/// is public.
[[nodiscard]] bool is_public_policy(std::string_view policy);

}  // namespace imdsd::s3
