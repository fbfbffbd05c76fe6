// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::iam {

/// True when some ARN is matched by `resource`, an element of Resource as a policy writes it
/// (wildcards, policy variables), and has the form `format`, as AWS documents it
/// ("arn:${Partition}:s3:::${BucketName}/${ObjectName}"). In doubt true: a policy variable can be
/// any text, and so can a placeholder but for the names of buckets and access points, which have no
/// slash in them. Takes the product of both lengths in time and space.
[[nodiscard]] bool arns_overlap(std::string_view resource, std::string_view format);

}  // namespace imdsd::iam
