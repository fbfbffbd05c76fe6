// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/clock.h"

namespace imdsd::base {

/// IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", rounded down to the
/// second.
[[nodiscard]] std::string format_http_date(SystemTime time);

}  // namespace imdsd::base
