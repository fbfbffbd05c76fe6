// SPDX-License-Identifier: MIT
#include "iam/condition_string.h"

#include <algorithm>

namespace imdsd::iam {

base::Result<StringCondition> StringCondition::parse(const std::vector<std::string>& values,
                                                     GlobSyntax syntax) {
  StringCondition condition;
  for (const std::string& value : values) {
    IMDSD_TRY(auto glob, Glob::compile(value, syntax));
    condition.values_.push_back(std::move(glob));
  }
  return condition;
}

bool StringCondition::matches(std::string_view value, const ConditionKeys& keys) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const Glob& glob) { return glob.matches(value, keys); });
}

}  // namespace imdsd::iam
