// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace imdsd::base {

/// The first `longest` bytes of `text`, or up to three fewer where they would end within a
/// well-formed character.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t longest) noexcept;

}  // namespace imdsd::base
