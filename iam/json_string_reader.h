// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imdsd::iam {

/// Where reading a string ended: behind its closing quote, or at what is wrong.
struct JsonStringEnd {
  std::size_t at = 0;
  bool valid = false;
};

/// Appends the value of the JSON string that begins at `at`, behind the opening quote (RFC 8259
/// section 7). Wrong are control characters, unknown escapes, lone surrogates, text that is no
/// UTF-8, and the end of the text.
[[nodiscard]] JsonStringEnd read_json_string(std::string_view text, std::size_t at,
                                             std::string& out);

}  // namespace imdsd::iam
