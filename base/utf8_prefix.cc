// SPDX-License-Identifier: MIT
#include "base/utf8_prefix.h"

#include "base/utf8.h"

namespace imdsd::base {

std::string_view utf8_prefix(std::string_view text, std::size_t longest) noexcept {
  if (text.size() <= longest) return text;
  for (std::size_t back = 1; back <= 3 && back <= longest; ++back) {
    const std::size_t start = longest - back;
    if (utf8_front_length(text.substr(start)) > back) return text.substr(0, start);
  }
  return text.substr(0, longest);
}

}  // namespace imdsd::base
