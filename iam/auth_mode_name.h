// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "iam/caller.h"

namespace imdsd::iam {

/// "enforce": as `auth.mode` has it.
[[nodiscard]] std::string_view to_string(AuthMode mode) noexcept;

}  // namespace imdsd::iam
