// SPDX-License-Identifier: MIT
// Matching for iam/glob.cc.
#pragma once

#include <string_view>

namespace imdsd::iam {

/// Below 0x100 a symbol is a byte, above it a wildcard: what a variable inserts can never become
/// one.
inline constexpr char16_t kAnyRun = 0x100;
inline constexpr char16_t kAnyOne = 0x101;

/// With ignore_case, ASCII letters among the symbols are in lower case already. `?` takes one UTF-8
/// character, or one stray byte.
[[nodiscard]] bool matches_symbols(std::u16string_view symbols, std::string_view text,
                                   bool ignore_case);

}  // namespace imdsd::iam
