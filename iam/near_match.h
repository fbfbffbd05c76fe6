// SPDX-License-Identifier: MIT
// Why statements did not match, or did: for explanations, not for decisions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "iam/decision.h"
#include "iam/evaluate.h"

namespace imdsd::iam {

/// A statement that allows, but for one of its elements.
struct NearMatch {
  enum class Element { principal, action, resource, condition };
  Match match;
  Element misses = Element::condition;
  std::vector<std::size_t> conditions;  // places in the statement of those that do not hold
};

/// Of the layers that allow nothing, at most kMaxNearMatches, in the order of evaluation. A
/// statement about another service's actions is never near.
[[nodiscard]] std::vector<NearMatch> near_matches(const PolicySet& policies,
                                                  const RequestContext& request,
                                                  const Decision& decision);
inline constexpr std::size_t kMaxNearMatches = 8;

/// A condition in the words of its policy.
struct WrittenCondition {
  std::string op, key;  // "StringEquals", "aws:SourceIp"
  std::vector<std::string> values;
};

/// As Statement::conditions has them, place by place.
[[nodiscard]] std::vector<WrittenCondition> written_conditions(const Match& match);

}  // namespace imdsd::iam
