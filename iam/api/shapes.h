// SPDX-License-Identifier: MIT
// Entities as IAM's answers show them. Which members an answer has differs by action: what a list
// leaves out is not there, as AWS has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "iam/api/call.h"

namespace imdsd::iam::api {

/// Who reads: the members that an answer has besides those that all have.
enum class Detail {
  created,    // CreateX: with tags, if there are any; no Description, and no MaxSessionDuration
  described,  // UpdateRoleDescription: as created, but with the Description
  nested,     // inside another entity: as created, but no tags and no boundary
  listed,     // ListX: no tags, no boundary
  full,       // GetX
};

void write_tags(base::XmlWriter& xml, const std::vector<Tag>& tags);
/// The same of all but users and roles, whose answers leave out an empty list: it is there in GetX.
void write_tags_of(base::XmlWriter& xml, const Entity& entity, Detail detail);
/// PermissionsBoundary, unless there is none. Its type is "Policy" on the wire, whatever the API
/// reference says.
void write_boundary(base::XmlWriter& xml, const std::string& boundary);
/// RoleLastUsed; empty of a role that was never used.
void write_last_used(base::XmlWriter& xml, const Call& call, const Role& role);

/// The members of a User, without the element around them; and so on.
void write_user(base::XmlWriter& xml, const Call& call, const User& user, Detail detail);
void write_group(base::XmlWriter& xml, const Call& call, const Group& group);
void write_role(base::XmlWriter& xml, const Call& call, const Role& role, Detail detail);
void write_instance_profile(base::XmlWriter& xml, const Call& call, const InstanceProfile& profile,
                            Detail detail);
void write_managed_policy(base::XmlWriter& xml, const Call& call, const ManagedPolicy& policy,
                          Detail detail);

/// A policy in an answer: RFC 3986 percent-encoded (a space is %20, never +).
[[nodiscard]] std::string encoded_document(std::string_view text);

/// "2024-08-29T18:06:08Z"
[[nodiscard]] std::string date(base::SystemTime time);

}  // namespace imdsd::iam::api
