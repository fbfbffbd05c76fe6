// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace imdsd::http {

/// IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string format_http_date(base::SystemTime time);

/// The same, formatted at most once a second on each thread; valid until the thread's next call.
[[nodiscard]] std::string_view http_date_now(const base::Clock& clock);

}  // namespace imdsd::http
