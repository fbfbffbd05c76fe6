// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::base {

inline constexpr std::chrono::days kMaxDuration{36500};

/// "6h", "20s", "500ms", "1h30m", "2d": one or more whole numbers, each with its unit, largest unit
/// first, each unit once. At most kMaxDuration, so that sums with a time stay far from overflow.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// Text that parse_duration reads back, in the largest units and without zero parts: 21600 s is
/// "6h", 90 min "1h30m", nothing "0s". A negative duration has a `-` in front, which is for people
/// only.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace imdsd::base
