// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace imdsd::iam {

/// The literal text that a pattern starts with. Two words of it stand beside it, for most patterns
/// do not match and can be told apart by these, without a look at the heap.
class LiteralStart {
 public:
  LiteralStart() = default;
  explicit LiteralStart(std::string text) : text_(std::move(text)) {
    const std::size_t head = std::min(text_.size(), kWord);
    std::memcpy(&head_, text_.data(), head);
    std::memset(&mask_, 0xFF, head);
    if (text_.size() > kWord) tail_ = load(text_.data() + text_.size() - kWord);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] bool starts(std::string_view other) const noexcept {
    const std::size_t length = text_.size();
    if (other.size() < length) return false;
    if (other.size() < kWord) return std::memcmp(other.data(), text_.data(), length) == 0;
    if ((load(other.data()) & mask_) != head_) return false;
    if (length <= kWord) return true;
    if (load(other.data() + length - kWord) != tail_) return false;
    return length <= 2 * kWord || std::memcmp(other.data(), text_.data(), length) == 0;
  }

 private:
  static constexpr std::size_t kWord = sizeof(std::uint64_t);

  static std::uint64_t load(const char* from) noexcept {
    std::uint64_t out = 0;
    std::memcpy(&out, from, sizeof out);
    return out;
  }

  std::uint64_t head_ = 0;  // its first bytes, and which of the word they are
  std::uint64_t mask_ = 0;
  std::uint64_t tail_ = 0;  // its last bytes, where it is longer than a word
  std::string text_;
};

}  // namespace imdsd::iam
