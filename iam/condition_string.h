// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "iam/condition_keys.h"
#include "iam/glob.h"

namespace imdsd::iam {

/// StringEquals, StringEqualsIgnoreCase, StringLike: equal to any of the values.
class StringCondition {
 public:
  [[nodiscard]] static base::Result<StringCondition> parse(const std::vector<std::string>& values,
                                                           GlobSyntax syntax);
  [[nodiscard]] bool matches(std::string_view value, const ConditionKeys& keys) const;

 private:
  std::vector<Glob> values_;
};

}  // namespace imdsd::iam
