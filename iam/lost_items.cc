// SPDX-License-Identifier: MIT
#include "iam/lost_items.h"

#include <algorithm>

#include "iam/given_items.h"

namespace imdsd::iam {
namespace {

/// "user `dev`"
template <class T>
std::string named(const T& entity) {
  return std::string(T::kType) + " `" + entity.name + "`";
}

/// Calls `visit` with the user, group or role that has this id.
template <class Visit>
void visit_holder(const std::string& id, const Directory& directory, Visit visit) {
  if (const auto user = directory.find_by_id<User>(id)) return visit(*user);
  if (const auto group = directory.find_by_id<Group>(id)) return visit(*group);
  if (const auto role = directory.find_by_id<Role>(id)) visit(*role);
}

bool is_attached_by_api(const std::string& arn, const Grants& grants) {
  return std::any_of(grants.attached.begin(), grants.attached.end(), [&](const Attachment& each) {
    return each.policy_arn == arn && each.origin == Origin::api;
  });
}

bool is_member_by_api(const std::string& group_id, const User& user) {
  return std::any_of(user.groups.begin(), user.groups.end(), [&](const Membership& each) {
    return each.group_id == group_id && each.origin == Origin::api;
  });
}

}  // namespace

std::vector<std::string> lost_items(const User& user, const Directory& directory) {
  auto out = given_items(user, Origin::api, directory);
  if (user.login_profile) out.push_back("login profile");
  for (const std::string& serial : directory.mfa_device_ids(user.unique_id)) {
    out.push_back("MFA device " + serial);
  }
  return out;
}

std::vector<std::string> lost_items(const Group& group, const Directory& directory) {
  auto out = given_items(group, Origin::api, directory);
  for (const std::string& id : directory.member_ids(group.unique_id)) {
    const auto user = directory.find_by_id<User>(id);
    if (user && is_member_by_api(group.unique_id, *user)) {
      out.push_back("member `" + user->name + "`");
    }
  }
  return out;
}

std::vector<std::string> lost_items(const Role& role, const Directory& directory) {
  auto out = given_items(role, Origin::api, directory);
  // Those that the file had made for it are gone by now.
  for (const std::string& id : directory.profile_ids_of_role(role.account, role.name)) {
    const auto profile = directory.find_by_id<InstanceProfile>(id);
    if (profile) out.push_back("place in instance profile `" + profile->name + "`");
  }
  return out;
}

std::vector<std::string> lost_items(const ManagedPolicy& policy, const Directory& directory) {
  auto out = given_items(policy, Origin::api, directory);
  const std::string arn = arn_of(policy);
  for (const std::string& id : directory.attached_ids(policy.account, arn)) {
    visit_holder(id, directory, [&](const auto& holder) {
      if (!is_attached_by_api(arn, holder.grants)) return;
      out.push_back("attachment to " + named(holder));
    });
  }
  // Whoever set it: without its policy a boundary allows nothing.
  for (const std::string& id : directory.boundary_ids(policy.account, arn)) {
    visit_holder(id, directory,
                 [&](const auto& holder) { out.push_back("boundary of " + named(holder)); });
  }
  return out;
}

std::vector<std::string> lost_items(const InstanceProfile& profile, const Directory& directory) {
  auto out = given_items(profile, Origin::api, directory);
  const auto role = directory.find<Role>(profile.account, profile.role);
  if (role && role->origin == Origin::api) out.push_back(named(*role));
  return out;
}

std::vector<std::string> lost_items(const OidcProvider& provider, const Directory& directory) {
  return given_items(provider, Origin::api, directory);
}

}  // namespace imdsd::iam
