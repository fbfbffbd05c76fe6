// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace imdsd::daemon {

/// A place in a text; 1-based.
struct TextPosition {
  unsigned line = 1, column = 1;
  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

/// Where the character at `inside` of a string's value stands in the file: `string_at` is the
/// string's opening quote in `file`, in any of TOML's four forms
/// (https://toml.io/en/v1.0.0#string). Columns count bytes. Without a string there: `string_at`.
[[nodiscard]] TextPosition position_in_toml_string(std::string_view file, TextPosition string_at,
                                                   TextPosition inside);

}  // namespace imdsd::daemon
