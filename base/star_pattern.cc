// SPDX-License-Identifier: MIT
#include "base/star_pattern.h"

#include <cstddef>
#include <cstring>

namespace imdsd::base {

StarPattern::StarPattern(std::string_view text) : text_(text) {
  const std::size_t first = text.find('*');
  start_ = text.substr(0, first);
  if (first == std::string_view::npos) return;
  has_star_ = true;
  const std::size_t last = text.rfind('*');
  end_ = text.substr(last + 1);
  std::string_view between = text.substr(first, last - first);
  while (!between.empty()) {
    between.remove_prefix(1);  // the star
    const std::string_view piece = between.substr(0, between.find('*'));
    if (!piece.empty()) middle_.emplace_back(piece);
    between.remove_prefix(piece.size());
  }
}

bool StarPattern::matches(std::string_view text) const noexcept {
  if (!text.starts_with(start_)) return false;
  text.remove_prefix(start_.size());
  if (!has_star_) return text.empty();
  if (!text.ends_with(end_)) return false;
  text.remove_suffix(end_.size());
  for (const std::string& piece : middle_) {
    // Linear (two-way string matching in glibc), which std::string_view::find() is not.
    const void* found = ::memmem(text.data(), text.size(), piece.data(), piece.size());
    if (found == nullptr) return false;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    text.remove_prefix(at + piece.size());
  }
  return true;
}

}  // namespace imdsd::base
