// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "imds/fault_rule.h"

namespace imdsd::imds {

/// Trouble that instances have had, under a name.
struct FaultScenario {
  std::string_view name;
  std::string_view what;  // for a person
  std::string_view rule;  // its fields: `name=value` pairs joined by `&`, as in a form
};

[[nodiscard]] std::span<const FaultScenario> fault_scenarios();

/// The rule of a scenario with `more` fields, in place of its own of the same name: whom it
/// strikes, say, and for how long. Errc::not_found names the nearest scenario;
/// ::invalid_argument, as FaultRule::parse(), what is wrong with `more`.
[[nodiscard]] base::Result<FaultRule> scenario_rule(std::string_view name, const FaultFields& more);

}  // namespace imdsd::imds
