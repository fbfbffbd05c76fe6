// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/clock.h"

namespace imdsd::http {

/// The Date header's value, formatted at most once a second on each thread; valid until the
/// thread's next call.
[[nodiscard]] std::string_view http_date_now(const base::Clock& clock);

}  // namespace imdsd::http
