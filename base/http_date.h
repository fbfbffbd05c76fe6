// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace imdsd::base {

/// IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", rounded down to the
/// second.
[[nodiscard]] std::string format_http_date(SystemTime time);
/// That form alone: of the two others that RFC 9110 knows, no sender has been seen in this century.
[[nodiscard]] Result<SystemTime> parse_http_date(std::string_view text);

}  // namespace imdsd::base
