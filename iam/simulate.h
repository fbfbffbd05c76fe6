// SPDX-License-Identifier: MIT
// What would be decided, asked without a request: SimulatePrincipalPolicy, SimulateCustomPolicy,
// `imdsctl explain`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "iam/control_policies.h"
#include "iam/directory.h"
#include "iam/evaluate.h"

namespace imdsd::iam {

/// A user's or role's ARN, or that of a session of a role, as a caller. Errc::not_found for an
/// entity that is not there, Errc::invalid_argument for what is no such ARN.
[[nodiscard]] base::Result<Caller> caller_of_arn(std::string_view arn_text,
                                                 const Directory& directory);

/// What is simulated. Keys that the caller brings with it are filled; others only by `keys`.
struct Simulation {
  Caller caller;
  PolicySet policies;
  std::string action;          // "s3:GetObject"
  std::string resource;        // ARN, or "*" for none
  std::string resource_owner;  // account of a resource whose ARN names none; empty: the caller's
  ConditionKeys keys;
};

struct SimulationResult {
  RequestContext request;  // refers to the simulation's caller
  Decision decision;
  /// Keys that a policy looks at and the request does not have.
  std::vector<std::string> missing_keys;
};

[[nodiscard]] SimulationResult simulate(const Simulation& simulation);

}  // namespace imdsd::iam
