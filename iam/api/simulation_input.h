// SPDX-License-Identifier: MIT
// What a request to simulate gives: policies, condition keys, and in whose name.
#pragma once

#include <string_view>
#include <utility>

#include "iam/api/call.h"
#include "iam/simulate.h"

namespace imdsd::iam::api {

/// The policies of a list in the request, named as answers name them: "PolicyInputList.1".
[[nodiscard]] aws::Outcome<PolicyList> read_policies(const Call& call, std::string_view list,
                                                     PolicyKind kind);

/// The entity that an ARN in the request names, as a caller.
[[nodiscard]] aws::Outcome<Caller> read_caller(const Call& call, std::string_view parameter);

/// Who PolicySourceArn is, a user with its groups, a group, or a role, and its policies.
[[nodiscard]] aws::Outcome<std::pair<Caller, PolicySet>> read_source(const Call& call);

/// What all simulated actions share: besides `policies` the request's own, and its keys.
[[nodiscard]] aws::Outcome<Simulation> read_simulation(const Call& call, Caller caller,
                                                       PolicySet policies);

}  // namespace imdsd::iam::api
