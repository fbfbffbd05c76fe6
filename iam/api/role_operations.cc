// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <utility>

#include "iam/api/boundary.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/linked_roles.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/policy_input.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"
#include "iam/names.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;
using TrustDocument = std::shared_ptr<const PolicyDocument>;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr std::size_t kMaxRoles = 1000;
constexpr std::size_t kMaxTrustPolicy = 2048;

constinit const Parameter kMaxSessionDuration{"MaxSessionDuration", Shape::integer, 3600, 43200};
constinit const Parameter kServiceName{"AWSServiceName", Shape::name, 1, kMaxName};
constinit const Parameter kCustomSuffix{"CustomSuffix", Shape::name, 1, 64};
constinit const Parameter kDeletionTaskId{"DeletionTaskId", Shape::text, 1, 1000};

/// The trust policy in `parameter`, its principals not yet bound.
Outcome<PolicyDocument> read_trust_policy(const Call& call, std::string_view parameter) {
  const std::string text = call.text(parameter);
  auto document = read_policy(text, PolicyKind::trust, "role `" + call.text("RoleName") + "`");
  if (document && policy_size(text) > kMaxTrustPolicy) {
    return quota_exceeded("ACLSizePerRole", kMaxTrustPolicy);
  }
  return document;
}

void read_settings(const Call& call, Role& role) {
  // An empty one takes it away.
  if (call.parameters.get("Description")) role.description = call.text("Description");
  if (call.has("MaxSessionDuration")) {
    role.max_session_duration =
        std::chrono::seconds(read_integer(call.parameters, "MaxSessionDuration", 0));
  }
}

/// What the request says of a role that is to be in `directory`.
Outcome<Role> new_role(const Call& call, const PolicyDocument& trust, const Directory& directory) {
  Role role;
  role.account = call.account();
  role.name = call.text("RoleName");
  if (directory.find<Role>(role.account, role.name)) {
    return already_exists("Role with name " + role.name + " already exists.");
  }
  if (directory.all<Role>().count(role.account) >= kMaxRoles) {
    return quota_exceeded("RolesPerAccount", kMaxRoles);
  }
  auto document = bind_trust_policy(trust, directory);
  if (!document) return tl::unexpected(std::move(document).error());
  auto boundary = read_boundary(call, directory);
  if (!boundary) return tl::unexpected(std::move(boundary).error());
  auto tags = new_tags(call, kTagCase<Role>);
  if (!tags) return tl::unexpected(std::move(tags).error());
  if (call.has("Path")) role.path = call.text("Path");
  role.trust_policy = {kTrustPolicyName, "", *std::move(document)};
  role.boundary = *std::move(boundary);
  role.tags = *std::move(tags);
  read_settings(call, role);
  return role;
}

void write_role_element(Call& call, const Role& role, Detail detail) {
  call.xml.open("Role");
  write_role(call.xml, call, role, detail);
  call.xml.close();
}

Outcome<void> create_role(Call& call) {
  const auto trust = read_trust_policy(call, "AssumeRolePolicyDocument");
  if (!trust) return tl::unexpected(trust.error());
  Role created;
  auto written = call.write([&](Transaction& transaction) -> Outcome<void> {
    auto role = new_role(call, *trust, transaction.directory());
    if (!role) return tl::unexpected(std::move(role).error());
    role->unique_id = transaction.new_unique_id(aws::IdPrefix::AROA, role->account);
    role->created = transaction.now();
    created = *role;
    transaction.put(*std::move(role));
    return {};
  });
  if (written) write_role_element(call, created, Detail::created);
  return written;
}

Outcome<void> get_role(Call& call) {
  auto role = find_role(call, *call.directory);
  if (!role) return tl::unexpected(std::move(role).error());
  write_role_element(call, **role, Detail::full);
  return {};
}

Outcome<void> list_roles(Call& call) {
  return write_entity_page<Role>(call, "Roles", [&](base::XmlWriter& xml, const Role& role) {
    write_role(xml, call, role, Detail::listed);
  });
}

/// Changes the role that the request names, unless only its service may.
template <class Change>
Outcome<void> change_role(Call& call, Change change) {
  return change_entity<Role>(call, find_role,
                             [&](Role& role, Transaction& transaction) -> Outcome<void> {
                               if (auto free = check_modifiable(role); !free) return free;
                               return change(role, transaction.directory());
                             });
}

/// Even a service-linked role may be described anew
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/edit-service-linked-role.html).
Outcome<void> update_role(Call& call) {
  return change_entity<Role>(call, find_role, [&](Role& role, Transaction&) -> Outcome<void> {
    if (call.has("MaxSessionDuration")) {
      if (auto free = check_modifiable(role); !free) return free;
    }
    read_settings(call, role);
    return {};
  });
}

Outcome<void> update_description(Call& call) {
  if (auto updated = update_role(call); !updated) return updated;
  auto role = find_role(call, *call.directory);
  if (!role) return tl::unexpected(std::move(role).error());
  write_role_element(call, **role, Detail::described);
  return {};
}

Outcome<void> update_trust_policy(Call& call) {
  if (auto role = find_role(call, *call.directory); !role) {
    return tl::unexpected(std::move(role).error());
  }
  const auto trust = read_trust_policy(call, "PolicyDocument");
  if (!trust) return tl::unexpected(trust.error());
  return change_role(call, [&](Role& role, const Directory& directory) -> Outcome<void> {
    auto document = bind_trust_policy(*trust, directory);
    if (!document) return tl::unexpected(std::move(document).error());
    role.trust_policy.document = *std::move(document);
    return {};
  });
}

Outcome<void> check_deletable(const Role& role, const Directory& directory) {
  if (auto free = check_modifiable(role); !free) return free;
  if (!directory.profile_ids_of_role(role.account, role.name).empty()) {
    return must_first("remove roles from instance profile");
  }
  if (!role.grants.attached.empty()) return must_first("detach all policies");
  if (!role.grants.inline_policies.empty()) return must_first("delete policies");
  return {};
}

Outcome<void> delete_role(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto role = find_role(call, transaction.directory());
    if (!role) return tl::unexpected(std::move(role).error());
    if (auto free = check_deletable(**role, transaction.directory()); !free) return free;
    transaction.erase(*role);
    return {};
  });
}

Outcome<void> put_role_boundary(Call& call) {
  return change_role(call, [&](Role& role, const Directory& directory) -> Outcome<void> {
    auto boundary = read_boundary(call, directory);
    if (!boundary) return tl::unexpected(std::move(boundary).error());
    role.boundary = *std::move(boundary);
    return {};
  });
}

Outcome<void> delete_role_boundary(Call& call) {
  return change_role(call, [&](Role& role, const Directory&) -> Outcome<void> {
    role.boundary.clear();
    return {};
  });
}

constexpr std::array kOperations{
    Operation{"CreateRole",
              Acts::creating_role,
              {optional(kPath), required(kRoleName), required(kAssumeRolePolicyDocument),
               optional(kRoleDescription), optional(kMaxSessionDuration),
               optional(kPermissionsBoundary), optional(kTags)},
              create_role},
    Operation{"GetRole", Acts::on_role, {required(kRoleName)}, get_role},
    Operation{"ListRoles",
              Acts::on_all_roles,
              {optional(kPathPrefix), optional(kMarker), optional(kMaxItems)},
              list_roles},
    Operation{"UpdateRole",
              Acts::on_role,
              {required(kRoleName), optional(kRoleDescription), optional(kMaxSessionDuration)},
              update_role},
    Operation{"UpdateRoleDescription",
              Acts::on_role,
              {required(kRoleName), required(kRoleDescription)},
              update_description},
    Operation{"UpdateAssumeRolePolicy",
              Acts::on_role,
              {required(kRoleName), required(kPolicyDocument)},
              update_trust_policy,
              false},
    Operation{"DeleteRole", Acts::on_role, {required(kRoleName)}, delete_role, false},
    Operation{"TagRole",
              Acts::on_role,
              {required(kRoleName), required(kTags)},
              tag_entity<Role, find_role>,
              false},
    Operation{"UntagRole",
              Acts::on_role,
              {required(kRoleName), required(kTagKeys)},
              untag_entity<Role, find_role>,
              false},
    Operation{"ListRoleTags",
              Acts::on_role,
              {required(kRoleName), optional(kMarker), optional(kMaxItems)},
              list_entity_tags<Role, find_role>},
    Operation{"PutRolePermissionsBoundary",
              Acts::on_role,
              {required(kRoleName), required(kPermissionsBoundary)},
              put_role_boundary,
              false},
    Operation{"DeleteRolePermissionsBoundary",
              Acts::on_role,
              {required(kRoleName)},
              delete_role_boundary,
              false},
    Operation{"CreateServiceLinkedRole",
              Acts::creating_linked_role,
              {required(kServiceName), optional(kRoleDescription), optional(kCustomSuffix)},
              create_linked_role},
    Operation{"DeleteServiceLinkedRole", Acts::on_role, {required(kRoleName)}, delete_linked_role},
    Operation{"GetServiceLinkedRoleDeletionStatus",
              Acts::on_deletion_task,
              {required(kDeletionTaskId)},
              get_deletion_status},
};

}  // namespace

std::span<const Operation> role_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
