// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace imdsd::base {

/// Bytes of the well-formed RFC 3629 character that `text` begins with (1 to 4); 0 if it begins
/// with none.
[[nodiscard]] std::size_t utf8_front_length(std::string_view text) noexcept;

/// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace imdsd::base
