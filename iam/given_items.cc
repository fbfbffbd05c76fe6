// SPDX-License-Identifier: MIT
#include "iam/given_items.h"

namespace imdsd::iam {
namespace {

std::vector<std::string> given_grants(const Grants& grants, Origin by) {
  std::vector<std::string> out;
  for (const InlinePolicy& policy : grants.inline_policies) {
    if (policy.origin == by) out.push_back("policy `" + policy.name + "`");
  }
  for (const Attachment& attachment : grants.attached) {
    if (attachment.origin == by) out.push_back("attached " + attachment.policy_arn);
  }
  return out;
}

}  // namespace

std::vector<std::string> given_items(const User& user, Origin by, const Directory& directory) {
  std::vector<std::string> out = given_grants(user.grants, by);
  for (const AccessKey& key : user.access_keys) {
    if (key.origin == by) out.push_back("access key " + key.id);
  }
  for (const Membership& membership : user.groups) {
    if (membership.origin != by) continue;
    const auto group = directory.find_by_id<Group>(membership.group_id);
    out.push_back("membership of group `" + (group ? group->name : membership.group_id) + "`");
  }
  return out;
}

std::vector<std::string> given_items(const Group& group, Origin by, const Directory&) {
  return given_grants(group.grants, by);
}

std::vector<std::string> given_items(const Role& role, Origin by, const Directory&) {
  return given_grants(role.grants, by);
}

}  // namespace imdsd::iam
