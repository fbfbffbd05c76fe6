// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "aws/arn.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"

namespace imdsd::sts {

/// The parameters of AssumeRole, as types.
struct AssumeRoleInput {
  aws::Arn role_arn;  // of a role: `role/…` of service iam
  std::string session_name;
  std::chrono::seconds duration{3600};
  std::optional<std::string> external_id;

  /// 400 with the code and words of STS; 501 NotImplemented for a parameter that this service has
  /// not got, rather than a session that silently lacks what was asked for.
  [[nodiscard]] static aws::Outcome<AssumeRoleInput> parse(const aws::QueryParameters& parameters);
};

}  // namespace imdsd::sts
