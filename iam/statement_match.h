// SPDX-License-Identifier: MIT
// What makes a statement match a request, element by element. In the header for evaluate(), which
// asks it of each statement; near_matches() asks which element it was that did not.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

#include "iam/evaluate.h"
#include "iam/instance_identity.h"
#include "iam/principal_match.h"

namespace imdsd::iam {

/// What patterns are compared with, made once a request; on the stack, unless uncommonly long.
class RequestText {
 public:
  explicit RequestText(const RequestContext& request) : action_(request.action, &memory_) {
    for (char& c : action_) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    service_ = service_of(action_);
    if (!request.resource) return;
    const aws::Arn& arn = *request.resource;
    const std::array<std::string_view, kArnSegments> segments{
        "arn", arn.partition, arn.service, arn.region, arn.account, arn.resource};
    arn_.reserve(kUsual);
    for (const std::string_view segment : segments) {
      if (!arn_.empty()) arn_ += ':';
      arn_ += segment;
    }
    view_ = ArnView{arn_, segments};
  }

  [[nodiscard]] std::string_view lower_action() const { return action_; }
  [[nodiscard]] ServiceSet service() const { return service_; }
  [[nodiscard]] const ArnView* resource() const { return view_ ? &*view_ : nullptr; }

 private:
  static constexpr std::size_t kUsual = 256;
  std::array<std::byte, 2 * kUsual> stack_;
  std::pmr::monotonic_buffer_resource memory_{stack_.data(), stack_.size()};
  std::pmr::string action_;
  ServiceSet service_ = 0;
  std::pmr::string arn_{&memory_};
  std::optional<ArnView> view_;
};

[[nodiscard]] inline bool matches_action(const Statement& statement, const RequestText& text) {
  if ((statement.services & text.service()) == 0) return false;
  const bool listed = std::any_of(
      statement.actions.begin(), statement.actions.end(),
      [&](const ActionPattern& pattern) { return pattern.matches_lower(text.lower_action()); });
  return listed != statement.not_action;
}

[[nodiscard]] inline bool matches_resource(const Statement& statement, const ArnView* resource,
                                           const ConditionKeys& keys) {
  if (statement.resources.empty()) return true;  // a trust policy: the role itself
  const bool listed =
      std::any_of(statement.resources.begin(), statement.resources.end(),
                  [&](const ResourcePattern& pattern) { return pattern.matches(resource, keys); });
  return listed != statement.not_resource;
}

[[nodiscard]] inline bool conditions_hold(const Statement& statement, const ConditionKeys& keys) {
  return std::all_of(statement.conditions.begin(), statement.conditions.end(),
                     [&](const Condition& condition) { return condition.holds(keys); });
}

/// Of a resource policy's statement.
[[nodiscard]] inline PrincipalMatch named_by(const Statement& statement,
                                             const Principal& principal) {
  if (is_instance_identity(principal)) return PrincipalMatch::none;
  if (statement.not_principals) {
    return is_excepted(*statement.not_principals, principal) ? PrincipalMatch::none
                                                             : PrincipalMatch::caller;
  }
  return statement.principals ? match_principal(*statement.principals, principal)
                              : PrincipalMatch::none;
}

}  // namespace imdsd::iam
