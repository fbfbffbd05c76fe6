// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "iam/ordering.h"

namespace imdsd::iam {

/// The W3C profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime), or seconds since 1970. Four
/// digits alone are a year.
[[nodiscard]] base::Result<base::SystemTime> parse_policy_date(std::string_view text);

/// DateEquals, DateLessThan …
class DateCondition {
 public:
  [[nodiscard]] static base::Result<DateCondition> parse(const std::vector<std::string>& values,
                                                         Ordering ordering);
  /// Nothing for a request's value that is no date: it can be compared with nothing, and not even
  /// DateNotEquals holds for it.
  [[nodiscard]] std::optional<bool> matches(std::string_view value) const;

 private:
  std::vector<base::SystemTime> values_;
  Ordering ordering_ = Ordering::equal;
};

}  // namespace imdsd::iam
