// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace imdsd::base {

/// `text` as one line that a terminal shows as it is: control characters, line and paragraph
/// separators, and those that turn the direction of writing around
/// (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters) become \uXXXX, bytes
/// that are no UTF-8 \xXX.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace imdsd::base
