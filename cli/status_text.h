// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::cli {

/// The JSON of GET /v1/status as a few lines for a person.
[[nodiscard]] base::Result<std::string> status_text(std::string_view body);

}  // namespace imdsd::cli
