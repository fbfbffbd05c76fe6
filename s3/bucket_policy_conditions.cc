// SPDX-License-Identifier: MIT
#include "s3/bucket_policy_conditions.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/codec.h"
#include "iam/action_table.h"

namespace imdsd::s3 {
namespace {

constexpr std::string_view kPrefix = "s3:";

/// `known` as AWS writes it: "s3:prefix", "s3:ExistingObjectTag/<key>"; `key` in lower case.
bool is_key(std::string_view known, std::string_view key) {
  const std::size_t family_end = known.find('/') + 1;  // 0: no family
  return family_end == 0
             ? base::equals_ignoring_case(known, key)
             : key.size() > family_end && base::equals_ignoring_case(known.substr(0, family_end),
                                                                     key.substr(0, family_end));
}

bool is_among(const std::vector<std::string_view>& keys, std::string_view key) {
  return std::any_of(keys.begin(), keys.end(),
                     [key](std::string_view known) { return is_key(known, key); });
}

bool has_key(const iam::ActionInfo& action, std::string_view key) {
  return is_among(action.condition_keys, key) ||
         std::any_of(action.resources.begin(), action.resources.end(),
                     [key](const auto* type) { return is_among(type->condition_keys, key); });
}

bool is_matched(const iam::Statement& statement, const iam::ActionInfo& action) {
  const std::string name = std::string(kPrefix) + base::to_lower(action.name);
  const bool named = std::any_of(statement.actions.begin(), statement.actions.end(),
                                 [&](const auto& pattern) { return pattern.matches_lower(name); });
  return named != statement.not_action;
}

}  // namespace

std::string_view condition_fault(const iam::Statement& statement) {
  const auto actions = iam::actions_of("s3");
  for (const iam::Condition& condition : statement.conditions) {
    const std::string& key = condition.key();
    const bool is_ours = key.starts_with(kPrefix);
    const auto has_it = [&](const iam::ActionInfo& action) { return has_key(action, key); };
    if (key.find(':') == std::string::npos ||
        (is_ours && std::none_of(actions.begin(), actions.end(), has_it))) {
      return "Policy has an invalid condition key";
    }
    if (is_ours && std::none_of(actions.begin(), actions.end(), [&](const auto& action) {
          return is_matched(statement, action) && has_it(action);
        })) {
      return "Conditions do not apply to combination of actions and resources in statement";
    }
  }
  return {};
}

}  // namespace imdsd::s3
