// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imdsd::base {

/// A text in which `*` stands for any run of characters, the empty one included; nothing else is
/// special. Matching is exact in case, takes time linear in the text for each piece between two
/// stars, and allocates nothing. Value type; immutable and so thread-safe.
class StarPattern {
 public:
  StarPattern() : StarPattern("*") {}
  explicit StarPattern(std::string_view text);

  [[nodiscard]] bool matches(std::string_view text) const noexcept;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  bool has_star_ = false;
  std::string start_;                // in front of the first star
  std::vector<std::string> middle_;  // between stars, without empty ones
  std::string end_;                  // behind the last star
};

}  // namespace imdsd::base
