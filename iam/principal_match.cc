// SPDX-License-Identifier: MIT
#include "iam/principal_match.h"

#include <algorithm>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

using Kind = PrincipalPattern::Kind;
using Type = PrincipalType;

bool is_of_account(Type type) {
  return type == Type::account_root || type == Type::user || type == Type::assumed_role ||
         type == Type::federated_user;
}

bool is_session(Type type) {
  return type == Type::assumed_role || type == Type::federated_user;
}

bool is_entity(const PrincipalPattern& pattern, const Principal& principal) {
  if (principal.type != Type::user && !is_session(principal.type)) return false;
  if (!pattern.unique_id.empty()) return pattern.unique_id == principal.entity_id;
  return principal.type != Type::federated_user && pattern.value == principal.entity_arn;
}

}  // namespace

PrincipalMatch match_principal(const PrincipalPattern& pattern, const Principal& principal) {
  const auto caller_if = [](bool matched) {
    return matched ? PrincipalMatch::caller : PrincipalMatch::none;
  };
  switch (pattern.kind) {
    case Kind::anyone:
      return PrincipalMatch::caller;
    case Kind::account:
      return is_of_account(principal.type) && principal.account == pattern.value
                 ? PrincipalMatch::account
                 : PrincipalMatch::none;
    case Kind::entity:
      if (!is_entity(pattern, principal)) return PrincipalMatch::none;
      return is_session(principal.type) ? PrincipalMatch::entity : PrincipalMatch::caller;
    case Kind::session:
      return caller_if(is_session(principal.type) && principal.arn == pattern.value);
    case Kind::service:
      return caller_if(principal.type == Type::service &&
                       base::equals_ignoring_case(principal.name, pattern.value));
    case Kind::federated:
      return caller_if((principal.type == Type::web_identity || principal.type == Type::saml) &&
                       (principal.name == pattern.value || principal.entity_arn == pattern.value));
    case Kind::canonical_user:
      return PrincipalMatch::none;
  }
  return PrincipalMatch::none;
}

PrincipalMatch match_principal(const std::vector<PrincipalPattern>& patterns,
                               const Principal& principal) {
  PrincipalMatch best = PrincipalMatch::none;
  for (const PrincipalPattern& pattern : patterns) {
    best = std::max(best, match_principal(pattern, principal));
  }
  return best;
}

bool is_excepted(const std::vector<PrincipalPattern>& not_principals, const Principal& principal) {
  bool everyone = false;
  bool account = false;
  bool entity = false;
  bool caller = false;
  for (const PrincipalPattern& pattern : not_principals) {
    const PrincipalMatch match = match_principal(pattern, principal);
    everyone = everyone || pattern.kind == Kind::anyone;
    account = account || match == PrincipalMatch::account;
    entity = entity || match == PrincipalMatch::entity;
    caller = caller || match == PrincipalMatch::caller;
  }
  if (everyone) return true;
  switch (principal.type) {
    case Type::account_root:
      return account;
    case Type::user:
      return account && caller;
    case Type::assumed_role:
      return account && entity && caller;
    case Type::federated_user:
      return account && caller;
    case Type::service:
    case Type::web_identity:
    case Type::saml:
    case Type::anonymous:
      return caller;
  }
  return false;
}

}  // namespace imdsd::iam
