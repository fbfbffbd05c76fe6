// SPDX-License-Identifier: MIT
#include "iam/condition_null.h"

#include "iam/condition_bool.h"

namespace imdsd::iam {

base::Result<NullCondition> NullCondition::parse(const std::vector<std::string>& values) {
  NullCondition condition;
  for (const std::string& value : values) {
    IMDSD_TRY(const bool absent, parse_policy_bool(value));
    (absent ? condition.absent_matches_ : condition.present_matches_) = true;
  }
  return condition;
}

}  // namespace imdsd::iam
