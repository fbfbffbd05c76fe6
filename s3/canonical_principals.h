// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "aws/s3_error.h"
#include "iam/directory.h"

namespace imdsd::s3 {

/// A bucket policy with the accounts that its CanonicalUser principals stand for, as S3 keeps it
/// and shows it again
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html).
/// Accounts are those that have users or roles. MalformedPolicy for an id of no account; a text
/// that is no policy comes back as it is. `partition`: of the accounts' ARNs.
[[nodiscard]] aws::S3Outcome<std::string> with_accounts_named(std::string_view policy,
                                                              const iam::Directory& directory,
                                                              std::string_view partition);

}  // namespace imdsd::s3
