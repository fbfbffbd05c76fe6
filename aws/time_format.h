// SPDX-License-Identifier: MIT
// The time formats of the AWS wire. All UTC.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace imdsd::aws {

/// "2015-08-30T12:36:00Z", rounded down to the second.
[[nodiscard]] std::string format_iso8601(base::SystemTime time);
/// YYYY-MM-DDTHH:MM:SS[.fraction]Z, and nothing else.
[[nodiscard]] base::Result<base::SystemTime> parse_iso8601(std::string_view text);
/// "20150830T123600Z", as in X-Amz-Date.
[[nodiscard]] std::string format_basic(base::SystemTime time);
[[nodiscard]] base::Result<base::SystemTime> parse_basic(std::string_view text);
/// Rounded down: the time that is printed and the time that is compared are the same.
[[nodiscard]] base::SystemTime floor_to_second(base::SystemTime time);

}  // namespace imdsd::aws
