// SPDX-License-Identifier: MIT
#include "iam/api/shapes.h"

#include "aws/time_format.h"
#include "base/codec.h"
#include "iam/principal_binding.h"

namespace imdsd::iam::api {
std::string date(base::SystemTime time) {
  return aws::format_iso8601(time);
}

std::string encoded_document(std::string_view text) {
  return base::percent_encode(text);
}

void write_tags(base::XmlWriter& xml, const std::vector<Tag>& tags) {
  xml.open("Tags");
  for (const Tag& tag : tags) {
    xml.open("member").leaf("Key", tag.key).leaf("Value", tag.value).close();
  }
  xml.close();
}

void write_tags_of(base::XmlWriter& xml, const Entity& entity, Detail detail) {
  if (detail == Detail::full || (detail == Detail::created && !entity.tags.empty())) {
    write_tags(xml, entity.tags);
  }
}

void write_boundary(base::XmlWriter& xml, const std::string& boundary) {
  if (boundary.empty()) return;
  xml.open("PermissionsBoundary")
      .leaf("PermissionsBoundaryType", "Policy")
      .leaf("PermissionsBoundaryArn", boundary)
      .close();
}

void write_last_used(base::XmlWriter& xml, const Call& call, const Role& role) {
  xml.open("RoleLastUsed");
  if (const auto used = call.context.usage.find(role.unique_id)) {
    xml.leaf("LastUsedDate", date(used->time)).leaf("Region", used->region);
  }
  xml.close();
}

void write_user(base::XmlWriter& xml, const Call& call, const User& user, Detail detail) {
  xml.leaf("Path", user.path)
      .leaf("UserName", user.name)
      .leaf("UserId", user.unique_id)
      .leaf("Arn", call.arn(user))
      .leaf("CreateDate", date(user.created));
  if (detail == Detail::listed) return;
  write_boundary(xml, user.boundary);
  if (!user.tags.empty()) write_tags(xml, user.tags);
}

void write_group(base::XmlWriter& xml, const Call& call, const Group& group) {
  xml.leaf("Path", group.path)
      .leaf("GroupName", group.name)
      .leaf("GroupId", group.unique_id)
      .leaf("Arn", call.arn(group))
      .leaf("CreateDate", date(group.created));
}

void write_role(base::XmlWriter& xml, const Call& call, const Role& role, Detail detail) {
  xml.leaf("Path", role.path)
      .leaf("RoleName", role.name)
      .leaf("RoleId", role.unique_id)
      .leaf("Arn", call.arn(role))
      .leaf("CreateDate", date(role.created))
      .leaf("AssumeRolePolicyDocument",
            encoded_document(current_text(*role.trust_policy.document, *call.directory)));
  if (!role.description.empty() && detail != Detail::created && detail != Detail::nested) {
    xml.leaf("Description", role.description);
  }
  if (detail == Detail::listed || detail == Detail::full) {
    xml.leaf("MaxSessionDuration", std::to_string(role.max_session_duration.count()));
  }
  if (detail == Detail::listed || detail == Detail::nested) return;
  write_boundary(xml, role.boundary);
  if (!role.tags.empty()) write_tags(xml, role.tags);
  if (detail == Detail::full) write_last_used(xml, call, role);
}

void write_instance_profile(base::XmlWriter& xml, const Call& call, const InstanceProfile& profile,
                            Detail detail) {
  xml.leaf("Path", profile.path)
      .leaf("InstanceProfileName", profile.name)
      .leaf("InstanceProfileId", profile.unique_id)
      .leaf("Arn", call.arn(profile))
      .leaf("CreateDate", date(profile.created));
  xml.open("Roles");
  const auto role = call.directory->find<Role>(profile.account, profile.role);
  if (role) {
    xml.open("member");
    write_role(xml, call, *role, Detail::nested);
    xml.close();
  }
  xml.close();
  write_tags_of(xml, profile, detail);
}

void write_managed_policy(base::XmlWriter& xml, const Call& call, const ManagedPolicy& policy,
                          Detail detail) {
  const std::string arn = call.arn(policy);
  const auto count = [](std::size_t number) { return std::to_string(number); };
  xml.leaf("PolicyName", policy.name)
      .leaf("PolicyId", policy.unique_id)
      .leaf("Arn", arn)
      .leaf("Path", policy.path)
      .leaf("DefaultVersionId", policy.default_version)
      .leaf("AttachmentCount", count(call.directory->attachment_count(call.account(), arn)))
      .leaf("PermissionsBoundaryUsageCount",
            count(call.directory->boundary_usage_count(call.account(), arn)))
      .leaf("IsAttachable", "true")
      .leaf("CreateDate", date(policy.created))
      .leaf("UpdateDate", date(policy.updated));
  if (detail == Detail::listed) return;
  if (detail == Detail::full && !policy.description.empty()) {
    xml.leaf("Description", policy.description);
  }
  write_tags_of(xml, policy, detail);
}

}  // namespace imdsd::iam::api
