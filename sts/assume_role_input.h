// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "aws/arn.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "sts/mfa_input.h"
#include "sts/session_policies.h"
#include "sts/session_tags.h"

namespace imdsd::sts {

/// ProvidedContexts: checked for shape. What an assertion says is nobody's to read but AWS's, which
/// seals it.
struct ContextInput {
  bool given = false;
  std::vector<std::string> provider_arns;  // as they name any
};

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
  ContextInput contexts;

  /// 400 with the code and words of STS.
  [[nodiscard]] static aws::Outcome<AssumeRoleInput> parse(const aws::QueryParameters& parameters);
};

}  // namespace imdsd::sts
