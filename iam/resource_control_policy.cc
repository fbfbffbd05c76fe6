// SPDX-License-Identifier: MIT
#include "iam/resource_control_policy.h"

#include <algorithm>
#include <string>
#include <utility>

namespace imdsd::iam {
namespace {

PolicyError at(const Statement& statement, std::string message) {
  return {std::move(message), statement.start.line, statement.start.column, ""};
}

bool names_only_everyone(const Statement& statement) {
  return statement.principals &&
         std::all_of(statement.principals->begin(), statement.principals->end(),
                     [](const PrincipalPattern& pattern) {
                       return pattern.kind == PrincipalPattern::Kind::anyone;
                     });
}

}  // namespace

tl::expected<std::vector<PolicyError>, PolicyError> check_resource_control(
    const PolicyDocument& document) {
  std::vector<PolicyError> warnings;
  for (const Statement& statement : document.statements) {
    if (!names_only_everyone(statement)) {
      return tl::unexpected(
          at(statement,
             "a resource control policy binds everybody: its Principal is `*`, and it has no "
             "NotPrincipal; a condition on aws:PrincipalArn can except some"));
    }
    if (statement.effect == Effect::deny) continue;
    warnings.push_back(at(statement,
                          "a resource control policy only denies; AWS refuses one that allows, "
                          "and this statement changes nothing"));
  }
  return warnings;
}

}  // namespace imdsd::iam
