// SPDX-License-Identifier: MIT
#include "iam/managed_policy_lookup.h"

#include <string>
#include <utility>

#include "aws/arn.h"
#include "iam/managed_policies.h"
#include "iam/partitions.h"

namespace imdsd::iam {
namespace {

std::shared_ptr<const ManagedPolicy> entity_of(const ManagedPolicyData& data,
                                               std::string_view partition) {
  auto policy = std::make_shared<ManagedPolicy>();
  policy->account = kAwsAccount;
  policy->path = data.path;
  policy->name = data.name;
  policy->unique_id = data.policy_id;
  policy->created = data.create_date;
  policy->updated = data.update_date;
  policy->default_version = data.default_version;
  // Its text alone: decisions take managed_policy(), which is parsed at its first use.
  auto document = std::make_shared<PolicyDocument>();
  document->text = in_partition(data.document, partition);
  policy->versions.push_back({policy->default_version, std::move(document), data.update_date});
  return policy;
}

/// The same policies are in every partition: arn:aws-cn:iam::aws:policy/… as well.
struct AwsPolicy {
  const ManagedPolicyData* data = nullptr;  // null: none has this ARN
  std::string partition;
};

AwsPolicy find_aws_policy(std::string_view arn) {
  const auto parsed = aws::Arn::parse(arn);
  if (!parsed || parsed->service != "iam" || parsed->account != kAwsAccount ||
      !is_partition(parsed->partition)) {
    return {};
  }
  aws::Arn known = *parsed;
  known.partition = kDataPartition;
  return {find_managed_policy(known.to_string()), parsed->partition};
}

}  // namespace

const std::vector<std::shared_ptr<const ManagedPolicy>>& aws_policies() {
  static const auto policies = [] {
    std::vector<std::shared_ptr<const ManagedPolicy>> all;
    for (const ManagedPolicyData& data : managed_policies()) {
      all.push_back(entity_of(data, kDataPartition));
    }
    return all;
  }();
  return policies;
}

std::shared_ptr<const ManagedPolicy> find_customer_policy(const Directory& directory,
                                                          std::string_view arn) {
  const auto parsed = aws::Arn::parse(arn);
  if (!parsed || parsed->service != "iam" || !parsed->resource.starts_with("policy/")) {
    return nullptr;
  }
  const std::string_view resource = parsed->resource;
  auto policy =
      directory.find<ManagedPolicy>(parsed->account, resource.substr(resource.rfind('/') + 1));
  if (policy && arn_of(*policy, parsed->partition) != arn) return nullptr;
  return policy;
}

std::shared_ptr<const ManagedPolicy> find_attachable_policy(const Directory& directory,
                                                            std::string_view account,
                                                            std::string_view arn) {
  if (const auto [data, partition] = find_aws_policy(arn); data != nullptr) {
    if (partition != kDataPartition) return entity_of(*data, partition);
    return aws_policies()[static_cast<std::size_t>(data - managed_policies().data())];
  }
  auto policy = find_customer_policy(directory, arn);
  return policy && policy->account == account ? policy : nullptr;
}

PolicyPointer find_managed_policy(const Directory& directory, std::string_view arn) {
  if (const auto [data, partition] = find_aws_policy(arn); data != nullptr) {
    return std::make_shared<const NamedPolicy>(managed_policy(*data, partition));
  }
  const auto policy = find_customer_policy(directory, arn);
  if (!policy) return nullptr;
  return std::make_shared<const NamedPolicy>(
      NamedPolicy{policy->name, std::string(arn), policy->default_document().document});
}

}  // namespace imdsd::iam
