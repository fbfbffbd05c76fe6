// SPDX-License-Identifier: MIT
// RFC 1951 raw deflate, by zlib.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::base {

[[nodiscard]] std::string deflate(std::string_view data);
/// The same format without compression, in next to no time: for data of at most 65,535 bytes that
/// would not get smaller.
[[nodiscard]] std::string deflate_stored(std::string_view data);
/// Errc::corrupt for broken, truncated or trailing data, Errc::too_large past `max_bytes` (a bomb
/// stops there).
[[nodiscard]] Result<std::string> inflate(std::string_view data, std::size_t max_bytes);

}  // namespace imdsd::base
