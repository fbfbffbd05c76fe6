// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/policy_users.h"
#include "iam/api/policy_versions.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"
#include "iam/managed_policy_lookup.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr std::size_t kMaxPolicies = 1500;

constexpr std::array<std::string_view, 3> kScopes{"All", "AWS", "Local"};
constinit const Parameter kScope{"Scope", Shape::one_of, 0, 0, kScopes};
constinit const Parameter kOnlyAttached{"OnlyAttached", Shape::boolean};

void write_policy_element(Call& call, const ManagedPolicy& policy, Detail detail) {
  call.xml.open("Policy");
  write_managed_policy(call.xml, call, policy, detail);
  call.xml.close();
}

/// What the request says of a policy that is to be in `directory`.
Outcome<ManagedPolicy> new_policy(const Call& call, const Directory& directory) {
  ManagedPolicy policy;
  policy.account = call.account();
  policy.name = call.text("PolicyName");
  if (directory.find<ManagedPolicy>(policy.account, policy.name)) {
    return already_exists("A policy called " + policy.name +
                          " already exists. Duplicate names are not allowed.");
  }
  if (directory.all<ManagedPolicy>().count(policy.account) >= kMaxPolicies) {
    return quota_exceeded("PoliciesPerAccount", kMaxPolicies);
  }
  auto tags = new_tags(call, kTagCase<ManagedPolicy>);
  if (!tags) return tl::unexpected(std::move(tags).error());
  if (call.has("Path")) policy.path = call.text("Path");
  policy.description = call.text("Description");
  policy.tags = *std::move(tags);
  return policy;
}

Outcome<void> create_policy(Call& call) {
  auto document = read_managed_document(call, call.text("PolicyName"));
  if (!document) return tl::unexpected(std::move(document).error());
  ManagedPolicy created;
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    auto policy = new_policy(call, transaction.directory());
    if (!policy) return tl::unexpected(std::move(policy).error());
    policy->unique_id = transaction.new_unique_id(aws::IdPrefix::ANPA, policy->account);
    policy->created = policy->updated = transaction.now();
    policy->default_version = "v1";
    policy->versions.push_back({"v1", *document, transaction.now()});
    created = *policy;
    transaction.put(*std::move(policy));
    return {};
  });
  if (written) write_policy_element(call, created, Detail::created);
  return written;
}

Outcome<void> get_policy(Call& call) {
  const auto policy = find_policy(call, *call.directory);
  if (!policy) return tl::unexpected(policy.error());
  write_policy_element(call, **policy, Detail::full);
  return {};
}

/// What ListPolicies asks for.
class PolicyFilter {
 public:
  explicit PolicyFilter(const Call& call)
      : call_(call),
        prefix_(call.text("PathPrefix")),
        only_attached_(read_boolean(call.parameters, "OnlyAttached", false)),
        by_use_(call.has("PolicyUsageFilter")) {}

  [[nodiscard]] bool takes(const ManagedPolicy& policy) const {
    if (!policy.path.starts_with(prefix_)) return false;
    if (!only_attached_ && !by_use_) return true;
    const std::string arn = call_.arn(policy);
    if (only_attached_ && attached(arn) == 0) return false;
    return !by_use_ || (takes_use(call_, PolicyUse::permissions) && attached(arn) > 0) ||
           (takes_use(call_, PolicyUse::boundary) &&
            call_.directory->boundary_usage_count(call_.account(), arn) > 0);
  }

 private:
  [[nodiscard]] std::size_t attached(const std::string& arn) const {
    return call_.directory->attachment_count(call_.account(), arn);
  }

  const Call& call_;
  std::string prefix_;
  bool only_attached_, by_use_;
};

Outcome<void> list_policies(Call& call) {
  const PolicyFilter filter(call);
  std::vector<PageItem> items;
  const auto add = [&](const std::shared_ptr<const ManagedPolicy>& policy) {
    if (!filter.takes(*policy)) return true;
    // By name; AWS's policy and the customer's may share one.
    items.push_back({base::to_lower(policy->name) + "|" + policy->account,
                     [&call, policy](base::XmlWriter& xml) {
                       write_managed_policy(xml, call, *policy, Detail::listed);
                     }});
    return true;
  };
  const std::string scope = call.text("Scope");
  if (scope != "AWS") call.directory->all<ManagedPolicy>().visit(call.account(), "", add);
  if (scope != "Local") std::ranges::for_each(aws_policies(), add);
  std::ranges::sort(items, {}, &PageItem::key);
  return write_page(call, "Policies", items);
}

Outcome<void> delete_policy(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    const Directory& directory = transaction.directory();
    const auto policy = find_own_policy(call, directory, "delete policies");
    if (!policy) return tl::unexpected(policy.error());
    const std::string arn = call.arn(**policy);
    if (directory.attachment_count(call.account(), arn) +
            directory.boundary_usage_count(call.account(), arn) >
        0) {
      return delete_conflict("Cannot delete a policy attached to entities.");
    }
    if ((*policy)->versions.size() > 1) {
      return delete_conflict(
          "This policy has more than one version. Before you delete a policy, you must delete the "
          "policy's versions. The default version is deleted with the policy.");
    }
    transaction.erase(*policy);
    return {};
  });
}

constexpr std::array kOperations{
    Operation{"CreatePolicy",
              Acts::creating_policy,
              {required(kPolicyName), optional(kPolicyPath), required(kPolicyDocument),
               optional(kDescription), optional(kTags)},
              create_policy},
    Operation{"GetPolicy", Acts::on_policy, {required(kPolicyArn)}, get_policy},
    Operation{"ListPolicies",
              Acts::on_all_policies,
              {optional(kScope), optional(kOnlyAttached), optional(kPolicyPathPrefix),
               optional(kPolicyUsageFilter), optional(kMarker), optional(kMaxItems)},
              list_policies},
    Operation{"DeletePolicy", Acts::on_policy, {required(kPolicyArn)}, delete_policy, false},
    Operation{"CreatePolicyVersion",
              Acts::on_policy,
              {required(kPolicyArn), required(kPolicyDocument), optional(kSetAsDefault)},
              create_policy_version},
    Operation{"GetPolicyVersion",
              Acts::on_policy,
              {required(kPolicyArn), required(kVersionId)},
              get_policy_version},
    Operation{"ListPolicyVersions",
              Acts::on_policy,
              {required(kPolicyArn), optional(kMarker), optional(kMaxItems)},
              list_policy_versions},
    Operation{"SetDefaultPolicyVersion",
              Acts::on_policy,
              {required(kPolicyArn), required(kVersionId)},
              set_default_policy_version,
              false},
    Operation{"DeletePolicyVersion",
              Acts::on_policy,
              {required(kPolicyArn), required(kVersionId)},
              delete_policy_version,
              false},
    Operation{"TagPolicy",
              Acts::on_policy,
              {required(kPolicyArn), required(kTags)},
              tag_entity<ManagedPolicy, find_own_policy>,
              false},
    Operation{"UntagPolicy",
              Acts::on_policy,
              {required(kPolicyArn), required(kTagKeys)},
              untag_entity<ManagedPolicy, find_own_policy>,
              false},
    Operation{"ListPolicyTags",
              Acts::on_policy,
              {required(kPolicyArn), optional(kMarker), optional(kMaxItems)},
              list_entity_tags<ManagedPolicy, find_policy>},
};

}  // namespace

std::span<const Operation> managed_policy_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
