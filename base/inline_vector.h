// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <utility>
#include <vector>

namespace imdsd::base {

/// A vector whose first N items need no heap. T is default constructible. Once it has more than N,
/// all of them stand in a std::vector. What was moved from holds unspecified items.
template <class T, std::size_t N>
class InlineVector {
 public:
  InlineVector() = default;
  InlineVector(std::initializer_list<T> items) {
    for (const T& item : items) push_back(item);
  }

  void push_back(T item) {
    if (more_.empty() && size_ < N) {
      few_[size_++] = std::move(item);
      return;
    }
    if (more_.empty()) {
      more_.reserve(2 * N);
      std::move(few_.begin(), few_.end(), std::back_inserter(more_));
    }
    more_.push_back(std::move(item));
  }

  [[nodiscard]] std::size_t size() const noexcept { return more_.empty() ? size_ : more_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] const T* data() const noexcept {
    return more_.empty() ? few_.data() : more_.data();
  }
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  [[nodiscard]] const T* end() const noexcept { return data() + size(); }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data()[i]; }

 private:
  std::array<T, N> few_{};
  std::size_t size_ = 0;  // of few_, while more_ is empty
  std::vector<T> more_;
};

}  // namespace imdsd::base
