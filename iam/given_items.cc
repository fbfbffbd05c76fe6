// SPDX-License-Identifier: MIT
#include "iam/given_items.h"

namespace imdsd::iam {
namespace {

void add_tags(const Entity& entity, Origin by, std::vector<std::string>& out) {
  for (const Tag& tag : entity.tags) {
    if (tag.origin == by) out.push_back("tag `" + tag.key + "`");
  }
}

void add_grants(const Grants& grants, Origin by, std::vector<std::string>& out) {
  for (const InlinePolicy& policy : grants.inline_policies) {
    if (policy.origin == by) out.push_back("policy `" + policy.name + "`");
  }
  for (const Attachment& attachment : grants.attached) {
    if (attachment.origin == by) out.push_back("attached " + attachment.policy_arn);
  }
}

}  // namespace

std::vector<std::string> given_items(const Entity& entity, Origin by, const Directory&) {
  std::vector<std::string> out;
  add_tags(entity, by, out);
  return out;
}

std::vector<std::string> given_items(const User& user, Origin by, const Directory& directory) {
  std::vector<std::string> out;
  add_tags(user, by, out);
  add_grants(user.grants, by, out);
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
  std::vector<std::string> out;
  add_tags(group, by, out);
  add_grants(group.grants, by, out);
  return out;
}

std::vector<std::string> given_items(const Role& role, Origin by, const Directory&) {
  std::vector<std::string> out;
  add_tags(role, by, out);
  add_grants(role.grants, by, out);
  return out;
}

std::vector<std::string> given_items(const ManagedPolicy& policy, Origin by, const Directory&) {
  std::vector<std::string> out;
  add_tags(policy, by, out);
  for (const ManagedPolicyVersion& version : policy.versions) {
    if (version.origin == by) out.push_back("version " + version.id);
  }
  return out;
}

}  // namespace imdsd::iam
