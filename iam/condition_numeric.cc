// SPDX-License-Identifier: MIT
#include "iam/condition_numeric.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace imdsd::iam {
namespace {

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  // from_chars also reads "inf" and "nan".
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

base::Result<NumericCondition> NumericCondition::parse(const std::vector<std::string>& values,
                                                       Ordering ordering) {
  NumericCondition condition;
  condition.ordering_ = ordering;
  for (const std::string& value : values) {
    const auto number = parse_number(value);
    if (!number) return base::fail(base::Errc::invalid_argument, "`" + value + "` is not a number");
    condition.values_.push_back(*number);
  }
  return condition;
}

std::optional<bool> NumericCondition::matches(std::string_view value) const {
  const auto number = parse_number(value);
  if (!number) return std::nullopt;
  return std::any_of(values_.begin(), values_.end(),
                     [&](double policy) { return compare(ordering_, *number, policy); });
}

}  // namespace imdsd::iam
