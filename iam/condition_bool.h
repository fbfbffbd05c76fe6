// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::iam {

/// "true" or "false", without case.
[[nodiscard]] base::Result<bool> parse_policy_bool(std::string_view text);

/// Bool
class BoolCondition {
 public:
  [[nodiscard]] static base::Result<BoolCondition> parse(const std::vector<std::string>& values);
  [[nodiscard]] bool matches(std::string_view value) const;

 private:
  bool true_matches_ = false;
  bool false_matches_ = false;
};

}  // namespace imdsd::iam
