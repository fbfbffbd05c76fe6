// SPDX-License-Identifier: MIT
#include "iam/policies_of.h"

#include "iam/managed_policy_lookup.h"

namespace imdsd::iam {
namespace {

/// `owner` is what the grants belong to.
template <class Owner>
void add_grants(const std::shared_ptr<const Owner>& owner, const Directory& directory,
                PolicyList& out) {
  for (const InlinePolicy& policy : owner->grants.inline_policies) {
    out.push_back(PolicyPointer(owner, &policy));
  }
  for (const Attachment& attachment : owner->grants.attached) {
    if (auto policy = find_managed_policy(directory, attachment.policy_arn)) {
      out.push_back(std::move(policy));
    }
  }
}

constexpr std::string_view kAdministrator = "arn:aws:iam::aws:policy/AdministratorAccess";

/// A limit whose policy is gone is not the absence of a limit: it allows nothing.
PolicyPointer limit_by(const std::string& arn, const Directory& directory) {
  if (auto policy = find_managed_policy(directory, arn)) return policy;
  return std::make_shared<const NamedPolicy>(
      NamedPolicy{arn, arn, std::make_shared<const PolicyDocument>()});
}

void add_boundary(const std::string& arn, const Directory& directory, PolicySet& out) {
  if (arn.empty()) return;
  out.boundary = limit_by(arn, directory);
}

void add_session(const std::shared_ptr<const Session>& session, const Directory& directory,
                 PolicySet& out) {
  if (!session || (session->policies.empty() && session->policy_arns.empty())) return;
  append(out.session.emplace(), session, session->policies);
  for (const std::string& arn : session->policy_arns) {
    out.session->push_back(limit_by(arn, directory));
  }
  // Policies for root tasks only deny: what they leave is what the session is for.
  if (session->assumed_root)
    out.session->push_back(limit_by(std::string(kAdministrator), directory));
}

}  // namespace

PolicySet policies_of(const Caller& caller, const Directory& directory) {
  PolicySet out;
  switch (caller.principal.type) {
    case PrincipalType::user:
    case PrincipalType::federated_user:
      if (const auto user = directory.find_by_id<User>(caller.principal.entity_id)) {
        add_policies(user, directory, out);
      }
      break;
    case PrincipalType::assumed_role:
      if (const auto role = directory.find_by_id<Role>(caller.principal.entity_id)) {
        add_policies(role, directory, out);
      }
      break;
    case PrincipalType::account_root:
    case PrincipalType::service:
    case PrincipalType::web_identity:
    case PrincipalType::saml:
    case PrincipalType::anonymous:
      break;
  }
  add_session(caller.session, directory, out);
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html: without a
  // session policy the federated user has no permissions.
  if (caller.principal.type == PrincipalType::federated_user && !out.session) out.session.emplace();
  return out;
}

void add_policies(const std::shared_ptr<const User>& user, const Directory& directory,
                  PolicySet& out) {
  add_grants(user, directory, out.identity);
  for (const Membership& membership : user->groups) {
    if (const auto group = directory.find_by_id<Group>(membership.group_id)) {
      add_policies(group, directory, out);
    }
  }
  add_boundary(user->boundary, directory, out);
}

void add_policies(const std::shared_ptr<const Group>& group, const Directory& directory,
                  PolicySet& out) {
  add_grants(group, directory, out.identity);
}

void add_policies(const std::shared_ptr<const Role>& role, const Directory& directory,
                  PolicySet& out) {
  add_grants(role, directory, out.identity);
  add_boundary(role->boundary, directory, out);
}

}  // namespace imdsd::iam
