// SPDX-License-Identifier: MIT
#include "iam/condition_arn.h"

#include <algorithm>

namespace imdsd::iam {

base::Result<ArnCondition> ArnCondition::parse(const std::vector<std::string>& values,
                                               bool variables) {
  ArnCondition condition;
  for (const std::string& value : values) {
    if (value == "*") {
      condition.anything_ = true;
      continue;
    }
    IMDSD_TRY(auto pattern,
              ArnPattern::compile(value, {.variables = variables, .variables_everywhere = true}));
    condition.values_.push_back(std::move(pattern));
  }
  return condition;
}

bool ArnCondition::matches(std::string_view value, const ConditionKeys& keys) const {
  const auto arn = ArnView::of(value);
  if (!arn) return false;
  return anything_ || std::any_of(values_.begin(), values_.end(), [&](const ArnPattern& pattern) {
           return pattern.matches(*arn, keys);
         });
}

}  // namespace imdsd::iam
