// SPDX-License-Identifier: MIT
#include "iam/condition_bool.h"

#include "base/codec.h"

namespace imdsd::iam {

base::Result<bool> parse_policy_bool(std::string_view text) {
  if (base::equals_ignoring_case(text, "true")) return true;
  if (base::equals_ignoring_case(text, "false")) return false;
  return base::fail(base::Errc::invalid_argument,
                    "`" + std::string(text) + "` is neither true nor false");
}

base::Result<BoolCondition> BoolCondition::parse(const std::vector<std::string>& values) {
  BoolCondition condition;
  for (const std::string& value : values) {
    IMDSD_TRY(const bool wanted, parse_policy_bool(value));
    (wanted ? condition.true_matches_ : condition.false_matches_) = true;
  }
  return condition;
}

bool BoolCondition::matches(std::string_view value) const {
  const auto read = parse_policy_bool(value);
  return read && (*read ? true_matches_ : false_matches_);
}

}  // namespace imdsd::iam
