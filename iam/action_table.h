// SPDX-License-Identifier: MIT
// What is known of AWS's actions: which resources each can name, and which condition keys it has
// (https://docs.aws.amazon.com/service-authorization/latest/reference/). The data are linked into
// the program (iam/data/actions.tsv, docs/third-party.md) and indexed at first use. Thread-safe;
// all that is returned lives as long as the program.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace imdsd::iam {

enum class AccessLevel { list, read, tagging, write, permissions_management };

/// A kind of resource of a service: "bucket", "role".
struct ResourceType {
  std::string_view service;
  std::string_view name;
  std::string_view arn;  // "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
  std::vector<std::string_view> condition_keys;  // as AWS writes them: "aws:ResourceTag/${TagKey}"
};

struct ActionInfo {
  std::string_view service;  // "s3"
  std::string_view name;     // "GetObject"
  AccessLevel access_level = AccessLevel::read;
  std::vector<const ResourceType*> resources;    // kinds of resource that it can act on
  std::vector<std::string_view> condition_keys;  // beside those of its resources and global ones

  /// False: only `"Resource": "*"` matches it.
  [[nodiscard]] bool supports_resources() const noexcept { return !resources.empty(); }
};

/// "s3:GetObject", without case. nullptr for an action that is not known: of another service than
/// those of actions_of(), newer than the data, or none of AWS.
[[nodiscard]] const ActionInfo* find_action(std::string_view action);

/// False for a known action that has no resources. One that is not known is taken to have some.
/// Costs one look into a hash table, no allocation.
[[nodiscard]] bool supports_resource_level(std::string_view action);

/// All actions of ec2, iam, s3 and sts, sorted by name; none of other services. Without case.
[[nodiscard]] std::span<const ActionInfo> actions_of(std::string_view service);

/// "s3" and all others that AWS has, sorted.
[[nodiscard]] std::span<const std::string_view> service_prefixes();
/// Without case.
[[nodiscard]] bool is_service_prefix(std::string_view text);

}  // namespace imdsd::iam
