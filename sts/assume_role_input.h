// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "aws/arn.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "sts/mfa_input.h"
#include "sts/session_policies.h"
#include "sts/session_tags.h"

namespace imdsd::sts {

/// The parameters of AssumeRole, as types.
struct AssumeRoleInput {
  aws::Arn role_arn;  // of a role: `role/…` of service iam
  std::string session_name;
  std::chrono::seconds duration{3600};
  std::optional<std::string> external_id;
  std::string source_identity;  // empty: none
  MfaInput mfa;
  SessionPolicies policies;
  SessionTags tags;
  bool has_contexts = false;  // ProvidedContexts, which are checked for shape alone

  /// 400 with the code and words of STS.
  [[nodiscard]] static aws::Outcome<AssumeRoleInput> parse(const aws::QueryParameters& parameters);
};

}  // namespace imdsd::sts
