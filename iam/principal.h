// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "aws/ids.h"

namespace imdsd::iam {

/// aws:PrincipalType, and the kinds that have none.
enum class PrincipalType {
  account_root,
  user,
  assumed_role,
  federated_user,
  service,
  web_identity,
  saml,
  anonymous
};

/// Who makes a request. Value type; made by sts::authenticate or in process, never from request
/// text.
struct Principal {
  PrincipalType type = PrincipalType::anonymous;
  std::string account;     // twelve digits; empty for services and anonymous
  std::string arn;         // as GetCallerIdentity prints it; sessions drop the role's path
  std::string entity_arn;  // aws:PrincipalArn: a session has its role's ARN with the path
  std::string entity_id;   // AIDA… or AROA…: survives renaming, not deletion; trust binds to it
  std::string user_id;     // aws:userid: AROA…:session, AIDA…, the account for root
  std::string name;        // user or role name; "ec2.amazonaws.com" for a service
  std::string session_name;  // sessions only
};

}  // namespace imdsd::iam
