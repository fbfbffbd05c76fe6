// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "iam/api/errors.h"
#include "iam/api/grantee.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/policy_input.h"
#include "iam/api/shapes.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

template <class Policies>
auto find_place(Policies& policies, const std::string& name) {
  return std::ranges::lower_bound(policies, name, {}, &InlinePolicy::name);
}

template <class T>
Failure policy_cannot_be_found(const std::string& name) {
  return cannot_be_found(std::string(Grantee<T>::noun) + " policy", name);
}

void set_policy(std::vector<InlinePolicy>& policies, InlinePolicy policy) {
  const auto at = find_place(policies, policy.name);
  if (at != policies.end() && at->name == policy.name) {
    at->document = std::move(policy.document);
  } else {
    policies.insert(at, std::move(policy));
  }
}

template <class T>
Outcome<void> check_size(const std::vector<InlinePolicy>& policies, const T& entity) {
  std::size_t size = 0;
  for (const InlinePolicy& policy : policies) size += policy_size(policy.document->text);
  if (size <= Grantee<T>::max_inline_size) return {};
  return limit_exceeded("Maximum policy size of " + std::to_string(Grantee<T>::max_inline_size) +
                        " bytes exceeded for " + std::string(Grantee<T>::noun) + " " + entity.name);
}

template <class T>
Outcome<void> put_policy(Call& call) {
  // An entity that is not there is told before what is wrong with the policy.
  auto found = Grantee<T>::find(call, *call.directory);
  if (!found) return tl::unexpected(std::move(found).error());
  const std::string name = call.text("PolicyName");
  auto document = read_policy(
      call.text("PolicyDocument"), PolicyKind::identity,
      "policy `" + name + "` of " + std::string(T::kType) + " `" + (*found)->name + "`");
  if (!document) return tl::unexpected(std::move(document).error());
  const auto shared = std::make_shared<const PolicyDocument>(*std::move(document));
  return change_grants<T>(call, [&](Grants& grants, const T& entity, const Directory&) {
    set_policy(grants.inline_policies, InlinePolicy{{name, "", shared}, Origin::api});
    return check_size<T>(grants.inline_policies, entity);
  });
}

template <class T>
Outcome<void> get_policy(Call& call) {
  const auto found = Grantee<T>::find(call, *call.directory);
  if (!found) return tl::unexpected(found.error());
  const T& entity = **found;
  const std::string name = call.text("PolicyName");
  const auto at = find_place(entity.grants.inline_policies, name);
  if (at == entity.grants.inline_policies.end() || at->name != name) {
    return policy_cannot_be_found<T>(name);
  }
  call.xml.leaf(Grantee<T>::name.name, entity.name)
      .leaf("PolicyName", at->name)
      .leaf("PolicyDocument", encoded_document(at->document->text));
  return {};
}

template <class T>
Outcome<void> list_policies(Call& call) {
  const auto found = Grantee<T>::find(call, *call.directory);
  if (!found) return tl::unexpected(found.error());
  std::vector<PageItem> names;
  for (const InlinePolicy& policy : (*found)->grants.inline_policies) {
    names.push_back({policy.name});
  }
  return write_page(call, "PolicyNames", names);
}

template <class T>
Outcome<void> delete_policy(Call& call) {
  return change_grants<T>(call, [&](Grants& grants, const T&, const Directory&) -> Outcome<void> {
    const std::string name = call.text("PolicyName");
    const auto removed = std::erase_if(
        grants.inline_policies, [&](const InlinePolicy& policy) { return policy.name == name; });
    if (removed == 0) return policy_cannot_be_found<T>(name);
    return {};
  });
}

template <class T>
constexpr Operation put_row(std::string_view name) {
  return {name,
          Grantee<T>::acts,
          {required(Grantee<T>::name), required(kPolicyName), required(kPolicyDocument)},
          put_policy<T>,
          false};
}

template <class T>
constexpr Operation get_row(std::string_view name) {
  return {
      name, Grantee<T>::acts, {required(Grantee<T>::name), required(kPolicyName)}, get_policy<T>};
}

template <class T>
constexpr Operation list_row(std::string_view name) {
  return {name,
          Grantee<T>::acts,
          {required(Grantee<T>::name), optional(kMarker), optional(kMaxItems)},
          list_policies<T>};
}

template <class T>
constexpr Operation delete_row(std::string_view name) {
  return {name,
          Grantee<T>::acts,
          {required(Grantee<T>::name), required(kPolicyName)},
          delete_policy<T>,
          false};
}

constexpr std::array kOperations{
    put_row<User>("PutUserPolicy"),       get_row<User>("GetUserPolicy"),
    list_row<User>("ListUserPolicies"),   delete_row<User>("DeleteUserPolicy"),
    put_row<Group>("PutGroupPolicy"),     get_row<Group>("GetGroupPolicy"),
    list_row<Group>("ListGroupPolicies"), delete_row<Group>("DeleteGroupPolicy"),
    put_row<Role>("PutRolePolicy"),       get_row<Role>("GetRolePolicy"),
    list_row<Role>("ListRolePolicies"),   delete_row<Role>("DeleteRolePolicy"),
};

}  // namespace

std::span<const Operation> inline_policy_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
