// SPDX-License-Identifier: MIT
#include "iam/directory_links.h"

#include "base/codec.h"

namespace imdsd::iam {
namespace {

using Links = std::vector<std::string>;

void add_attachments(const Entity& entity, const Grants& grants, Links& out) {
  for (const Attachment& attachment : grants.attached) {
    out.push_back(link_key({"attached", entity.account, attachment.policy_arn}) + entity.unique_id);
  }
}

void add_boundary(const Entity& entity, const std::string& boundary, Links& out) {
  if (boundary.empty()) return;
  out.push_back(link_key({"boundary", entity.account, boundary}) + entity.unique_id);
}

}  // namespace

std::string link_key(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) key.append(part).append("|");
  return key;
}

std::vector<std::string> links_of(const User& user) {
  Links out;
  add_attachments(user, user.grants, out);
  add_boundary(user, user.boundary, out);
  for (const Membership& membership : user.groups) {
    out.push_back(link_key({"member", membership.group_id}) + user.unique_id);
  }
  return out;
}

std::vector<std::string> links_of(const Group& group) {
  Links out;
  add_attachments(group, group.grants, out);
  return out;
}

std::vector<std::string> links_of(const Role& role) {
  Links out;
  add_attachments(role, role.grants, out);
  add_boundary(role, role.boundary, out);
  return out;
}

std::vector<std::string> links_of(const InstanceProfile& profile) {
  if (profile.role.empty()) return {};
  return {link_key({"role", profile.account, base::to_lower(profile.role)}) + profile.unique_id};
}

std::vector<std::string> links_of(const MfaDevice& device) {
  if (device.user_id.empty()) return {};
  return {link_key({"mfa", device.user_id}) + device.unique_id};
}

}  // namespace imdsd::iam
