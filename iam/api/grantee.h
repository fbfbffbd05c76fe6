// SPDX-License-Identifier: MIT
// Users, groups and roles, as what they have in common: policies.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "iam/api/change.h"
#include "iam/api/find.h"
#include "iam/api/linked_roles.h"
#include "iam/api/operation.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {

/// What differs by kind. Quotas:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
template <class T>
struct Grantee;

template <>
struct Grantee<User> {
  static constexpr std::string_view noun = "user";
  static constexpr const Parameter& name = kUserName;
  static constexpr Acts acts = Acts::on_user;
  static constexpr std::size_t max_inline_size = 2048;  // of all its policies together
  static constexpr std::string_view attached_quota = "PoliciesPerUser";
  static Found<User> find(const Call& call, const Directory& directory) {
    return find_user(call, directory);
  }
  static aws::Outcome<void> check(const User&) { return {}; }
};

template <>
struct Grantee<Group> {
  static constexpr std::string_view noun = "group";
  static constexpr const Parameter& name = kGroupName;
  static constexpr Acts acts = Acts::on_group;
  static constexpr std::size_t max_inline_size = 5120;
  static constexpr std::string_view attached_quota = "PoliciesPerGroup";
  static Found<Group> find(const Call& call, const Directory& directory) {
    return find_group(call, directory);
  }
  static aws::Outcome<void> check(const Group&) { return {}; }
};

template <>
struct Grantee<Role> {
  static constexpr std::string_view noun = "role";
  static constexpr const Parameter& name = kRoleName;
  static constexpr Acts acts = Acts::on_role;
  static constexpr std::size_t max_inline_size = 10240;
  static constexpr std::string_view attached_quota = "PoliciesPerRole";
  static Found<Role> find(const Call& call, const Directory& directory) {
    return find_role(call, directory);
  }
  static aws::Outcome<void> check(const Role& role) { return check_modifiable(role); }
};

/// Changes the policies of the user, group or role that the request names:
/// `change(Grants&, const T&, const Directory&)` returns Outcome<void>.
template <class T, class Change>
[[nodiscard]] aws::Outcome<void> change_grants(Call& call, Change change) {
  return change_entity<T>(call, Grantee<T>::find,
                          [&](T& entity, Transaction& transaction) -> aws::Outcome<void> {
                            if (auto free = Grantee<T>::check(entity); !free) return free;
                            return change(entity.grants, entity, transaction.directory());
                          });
}

}  // namespace imdsd::iam::api
