// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::iam {

/// True for a key (in lower case) that a request to this daemon can carry. Any other is always
/// absent.
[[nodiscard]] bool is_filled_condition_key(std::string_view key);

}  // namespace imdsd::iam
