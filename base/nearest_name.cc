// SPDX-License-Identifier: MIT
#include "base/nearest_name.h"

#include <algorithm>
#include <vector>

namespace imdsd::base {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width), previous(width), current(width);
  for (std::size_t j = 0; j < width; ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::string_view nearest_name(std::string_view text, std::span<const std::string_view> candidates) {
  std::string_view best;
  // A third of the letters may be wrong; of very short names, one.
  std::size_t best_distance = std::max<std::size_t>(text.size() / 3, 1) + 1;
  if (text.size() > 100) return best;  // nobody mistypes that; bounds the work on hostile text
  for (const auto candidate : candidates) {
    const std::size_t distance = edit_distance(text, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string suggest(std::string_view text, std::span<const std::string_view> candidates) {
  const auto name = nearest_name(text, candidates);
  return name.empty() ? std::string() : ", did you mean `" + std::string(name) + "`?";
}

}  // namespace imdsd::base
