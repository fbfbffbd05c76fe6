// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "iam/ordering.h"

namespace imdsd::iam {

/// NumericEquals, NumericLessThan …: integers and decimals.
class NumericCondition {
 public:
  [[nodiscard]] static base::Result<NumericCondition> parse(const std::vector<std::string>& values,
                                                            Ordering ordering);
  /// Nothing for a request's value that is no number: it can be compared with nothing, and not even
  /// NumericNotEquals holds for it.
  [[nodiscard]] std::optional<bool> matches(std::string_view value) const;

 private:
  std::vector<double> values_;
  Ordering ordering_ = Ordering::equal;
};

}  // namespace imdsd::iam
