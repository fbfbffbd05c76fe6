// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>
#include <vector>

#include "aws/arn.h"
#include "base/codec.h"
#include "iam/api/errors.h"
#include "iam/api/grantee.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/policy_users.h"
#include "iam/managed_policy_lookup.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr std::size_t kMaxAttached = 10;

auto attached_at(const Grants& grants, const std::string& arn) {
  return std::ranges::find(grants.attached, arn, &Attachment::policy_arn);
}

template <class T>
Outcome<void> attach_policy(Call& call) {
  if (auto valid = check_policy_arn(call); !valid) return valid;
  const std::string arn = call.text("PolicyArn");
  return change_grants<T>(
      call, [&](Grants& grants, const T&, const Directory& directory) -> Outcome<void> {
        if (!find_attachable_policy(directory, call.account(), arn)) {
          return no_such_entity("Policy " + arn + " does not exist or is not attachable.");
        }
        if (attached_at(grants, arn) != grants.attached.end()) return {};
        if (grants.attached.size() >= kMaxAttached) {
          return quota_exceeded(Grantee<T>::attached_quota, kMaxAttached);
        }
        grants.attached.push_back({arn, Origin::api});
        return {};
      });
}

template <class T>
Outcome<void> detach_policy(Call& call) {
  if (auto valid = check_policy_arn(call); !valid) return valid;
  const std::string arn = call.text("PolicyArn");
  return change_grants<T>(call, [&](Grants& grants, const T&, const Directory&) -> Outcome<void> {
    const auto at = attached_at(grants, arn);
    if (at == grants.attached.end()) return no_such_entity("Policy " + arn + " was not found.");
    grants.attached.erase(at);
    return {};
  });
}

/// "/job-function/" and "ViewOnlyAccess", from the ARN.
struct PolicyPlace {
  std::string path, name;
};

PolicyPlace place_of(const std::string& policy_arn) {
  const std::size_t path_at = policy_arn.find('/');
  const std::size_t name_at = policy_arn.rfind('/') + 1;
  return {policy_arn.substr(path_at, name_at - path_at), policy_arn.substr(name_at)};
}

template <class T>
Outcome<void> list_attached(Call& call) {
  const auto found = Grantee<T>::find(call, *call.directory);
  if (!found) return tl::unexpected(found.error());
  const std::string prefix = call.text("PathPrefix");
  std::vector<PageItem> items;
  for (const Attachment& attachment : (*found)->grants.attached) {
    const PolicyPlace place = place_of(attachment.policy_arn);
    if (!place.path.starts_with(prefix)) continue;
    // By name; AWS's policy and the customer's may share one.
    items.push_back({base::to_lower(place.name) + "|" + attachment.policy_arn,
                     [&attachment, name = place.name](base::XmlWriter& xml) {
                       xml.leaf("PolicyName", name).leaf("PolicyArn", attachment.policy_arn);
                     }});
  }
  std::ranges::sort(items, {}, &PageItem::key);
  return write_page(call, "AttachedPolicies", items);
}

template <class T>
constexpr Operation attach_row(std::string_view name) {
  return {name,
          Grantee<T>::acts,
          {required(Grantee<T>::name), required(kPolicyArn)},
          attach_policy<T>,
          false};
}

template <class T>
constexpr Operation detach_row(std::string_view name) {
  return {name,
          Grantee<T>::acts,
          {required(Grantee<T>::name), required(kPolicyArn)},
          detach_policy<T>,
          false};
}

template <class T>
constexpr Operation list_row(std::string_view name) {
  return {name,
          Grantee<T>::acts,
          {required(Grantee<T>::name), optional(kPolicyPathPrefix), optional(kMarker),
           optional(kMaxItems)},
          list_attached<T>};
}

constexpr std::array kOperations{
    attach_row<User>("AttachUserPolicy"),
    detach_row<User>("DetachUserPolicy"),
    list_row<User>("ListAttachedUserPolicies"),
    attach_row<Group>("AttachGroupPolicy"),
    detach_row<Group>("DetachGroupPolicy"),
    list_row<Group>("ListAttachedGroupPolicies"),
    attach_row<Role>("AttachRolePolicy"),
    detach_row<Role>("DetachRolePolicy"),
    list_row<Role>("ListAttachedRolePolicies"),
    Operation{"ListEntitiesForPolicy",
              Acts::on_policy,
              {required(kPolicyArn), optional(kEntityFilter), optional(kPathPrefix),
               optional(kPolicyUsageFilter), optional(kMarker), optional(kMaxItems)},
              list_entities_for_policy},
};

}  // namespace

std::span<const Operation> attachment_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
