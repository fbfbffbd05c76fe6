// SPDX-License-Identifier: MIT
#include "base/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.h"

namespace imdsd::base {
namespace {

struct Range {
  std::uint32_t first, last;
};
/// None of them has more than three bytes.
constexpr std::array<Range, 8> kHidden{{{0x00, 0x1F},
                                        {0x7F, 0x9F},
                                        {0x061C, 0x061C},
                                        {0x200E, 0x200F},
                                        {0x2028, 0x202E},
                                        {0x2066, 0x2069},
                                        {0xFEFF, 0xFEFF},
                                        {0xFFF9, 0xFFFB}}};

/// Of one valid character of up to three bytes.
std::uint32_t code_point(std::string_view character) {
  const auto bits = [character](std::size_t i, unsigned mask) {
    return static_cast<unsigned char>(character[i]) & mask;
  };
  if (character.size() == 1) return bits(0, 0x7F);
  if (character.size() == 2) return bits(0, 0x1F) << 6 | bits(1, 0x3F);
  return bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
}

bool is_hidden(std::string_view character) {
  if (character.size() > 3) return false;
  const std::uint32_t symbol = code_point(character);
  return std::any_of(kHidden.begin(), kHidden.end(), [symbol](const Range& range) {
    return range.first <= symbol && symbol <= range.last;
  });
}

void append_escape(char kind, std::uint32_t value, unsigned digits, std::string& out) {
  out += {'\\', kind};
  while (digits-- > 0) out += "0123456789abcdef"[value >> (4 * digits) & 0xF];
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = base::utf8_front_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0) {
      append_escape('x', static_cast<unsigned char>(text.front()), 2, out);
    } else if (is_hidden(character)) {
      append_escape('u', code_point(character), 4, out);
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  return out;
}

}  // namespace imdsd::base
