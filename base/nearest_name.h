// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace imdsd::base {

/// Damerau's distance with adjacent transpositions: what typing errors are made of.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `text`, or an empty view when none is near enough to be what was meant.
[[nodiscard]] std::string_view nearest_name(std::string_view text,
                                            std::span<const std::string_view> candidates);

/// ", did you mean `x`?", the tail of a message; empty without a near candidate.
[[nodiscard]] std::string suggest(std::string_view text,
                                  std::span<const std::string_view> candidates);

}  // namespace imdsd::base
