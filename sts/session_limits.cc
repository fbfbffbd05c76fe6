// SPDX-License-Identifier: MIT
#include "sts/session_limits.h"

#include <string>

namespace imdsd::sts {
namespace {

using aws::ServiceError;

bool may_call_sts(const iam::Caller& caller, std::string_view action) {
  if (action == "GetCallerIdentity") return true;
  switch (caller.principal.type) {
    case iam::PrincipalType::assumed_role:
      return action != "GetSessionToken" && action != "GetFederationToken";
    case iam::PrincipalType::user:
      return action == "AssumeRole";
    default:
      // Root's own sessions are told by AssumeRole that root assumes none.
      return action == "AssumeRole" && !caller.session->assumed_root &&
             caller.principal.type == iam::PrincipalType::account_root;
  }
}

}  // namespace

std::optional<ServiceError> refuse_sts_action(const iam::Caller& caller, std::string_view action) {
  if (!caller.session || may_call_sts(caller, action)) return std::nullopt;
  return ServiceError{403, "AccessDenied",
                      "Cannot call " + std::string(action) + " with session credentials"};
}

std::optional<ServiceError> refuse_iam_call(const iam::Caller& caller) {
  if (!caller.session) return std::nullopt;
  const iam::PrincipalType type = caller.principal.type;
  const bool lacks_mfa = type == iam::PrincipalType::user && !caller.session->mfa_time;
  if (!lacks_mfa && type != iam::PrincipalType::federated_user) return std::nullopt;
  return ServiceError{403, "InvalidClientTokenId",
                      "The security token included in the request is invalid"};
}

}  // namespace imdsd::sts
