// SPDX-License-Identifier: MIT
#include "aws/tag_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "aws/tag_character_ranges.h"
#include "base/utf8.h"

namespace imdsd::aws {
namespace {

/// Of one well-formed character (RFC 3629 section 3).
std::uint32_t code_point(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  std::uint32_t point = first & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1))
    point = point << 6 | (static_cast<unsigned char>(c) & 63);
  return point;
}

bool is_letter_separator_or_number(std::uint32_t point) {
  const auto* const end = std::end(kTagCharacterRanges);
  const auto* const found =
      std::partition_point(std::begin(kTagCharacterRanges), end,
                           [point](const CharacterRange& range) { return range.last < point; });
  return found != end && found->first <= point;
}

}  // namespace

bool is_tag_text(std::string_view text) noexcept {
  constexpr std::string_view kMarks = "_.:/=+-@";
  while (!text.empty()) {
    const std::size_t length = base::utf8_front_length(text);
    if (length == 0) return false;
    const std::uint32_t point = code_point(text.substr(0, length));
    const bool is_mark = length == 1 && kMarks.find(text[0]) != std::string_view::npos;
    if (!is_mark && !is_letter_separator_or_number(point)) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace imdsd::aws
