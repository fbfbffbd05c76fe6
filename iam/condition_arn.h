// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "iam/condition_keys.h"
#include "iam/pattern.h"

namespace imdsd::iam {

/// ArnEquals and ArnLike, which do the same: the six segments are compared one by one, with
/// wildcards.
class ArnCondition {
 public:
  [[nodiscard]] static base::Result<ArnCondition> parse(const std::vector<std::string>& values,
                                                        bool variables);
  [[nodiscard]] bool matches(std::string_view value, const ConditionKeys& keys) const;

 private:
  bool anything_ = false;  // "*" is among the values
  std::vector<ArnPattern> values_;
};

}  // namespace imdsd::iam
