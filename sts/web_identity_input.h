// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "aws/arn.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "sts/json_web_token.h"
#include "sts/session_policies.h"

namespace imdsd::sts {

/// The parameters of AssumeRoleWithWebIdentity, as types.
struct WebIdentityInput {
  aws::Arn role_arn;
  std::string session_name;
  std::chrono::seconds duration{3600};
  SessionPolicies policies;
  JsonWebToken token;  // still to be verified

  /// 400 with the code and words of STS.
  [[nodiscard]] static aws::Outcome<WebIdentityInput> parse(const aws::QueryParameters& parameters);
};

}  // namespace imdsd::sts
