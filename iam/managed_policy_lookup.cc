// SPDX-License-Identifier: MIT
#include "iam/managed_policy_lookup.h"

#include <string>
#include <utility>

#include "aws/arn.h"
#include "iam/managed_policies.h"

namespace imdsd::iam {
namespace {

constexpr std::string_view kPartition = "aws";  // of the ARNs in the data

std::shared_ptr<const ManagedPolicy> entity_of(const ManagedPolicyData& data) {
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
  document->text = data.document;
  policy->versions.push_back({policy->default_version, std::move(document), data.update_date});
  return policy;
}

/// The same policies are in every partition: arn:aws-cn:iam::aws:policy/… as well.
const ManagedPolicyData* find_aws_data(std::string_view arn) {
  const auto parsed = aws::Arn::parse(arn);
  if (!parsed || parsed->service != "iam" || parsed->account != kAwsAccount) return nullptr;
  aws::Arn known = *parsed;
  known.partition = kPartition;
  return find_managed_policy(known.to_string());
}

}  // namespace

const std::vector<std::shared_ptr<const ManagedPolicy>>& aws_policies() {
  static const auto policies = [] {
    std::vector<std::shared_ptr<const ManagedPolicy>> all;
    for (const ManagedPolicyData& data : managed_policies()) all.push_back(entity_of(data));
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
  if (const ManagedPolicyData* data = find_aws_data(arn)) {
    return aws_policies()[static_cast<std::size_t>(data - managed_policies().data())];
  }
  auto policy = find_customer_policy(directory, arn);
  return policy && policy->account == account ? policy : nullptr;
}

PolicyPointer find_managed_policy(const Directory& directory, std::string_view arn) {
  if (const ManagedPolicyData* data = find_aws_data(arn)) {
    return std::make_shared<const NamedPolicy>(managed_policy(*data));
  }
  const auto policy = find_customer_policy(directory, arn);
  if (!policy) return nullptr;
  return std::make_shared<const NamedPolicy>(
      NamedPolicy{policy->name, std::string(arn), policy->default_document().document});
}

}  // namespace imdsd::iam
