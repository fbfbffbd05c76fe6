// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace imdsd::http {

/// The memory that all buffered request bodies of a server may take together. Large bodies get
/// three quarters of it at most: the rest is for small ones, which nearly all are. Thread-safe.
class BodyBudget {
 public:
  static constexpr std::size_t kSmallBodyBytes = 64 * 1024;

  explicit BodyBudget(std::size_t max_bytes) : max_(max_bytes) {}
  /// `bytes` more of a body that has `held` already.
  [[nodiscard]] bool take(std::size_t bytes, std::size_t held) noexcept {
    const bool small = bytes <= kSmallBodyBytes && held <= kSmallBodyBytes - bytes;
    const std::size_t limit = small ? max_ : max_ - max_ / 4;
    const std::size_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (bytes <= limit && before <= limit - bytes) return true;
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  void give_back(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const std::size_t max_;
  std::atomic<std::size_t> used_ = 0;
};

/// One body's share of the budget; given back when destroyed.
class BodyReservation {
 public:
  explicit BodyReservation(BodyBudget& budget) : budget_(budget) {}
  BodyReservation(const BodyReservation&) = delete;
  BodyReservation& operator=(const BodyReservation&) = delete;
  ~BodyReservation() { give_back(); }
  void give_back() noexcept { budget_.give_back(std::exchange(bytes_, 0)); }
  [[nodiscard]] bool grow(std::size_t bytes) noexcept {
    if (!budget_.take(bytes, bytes_)) return false;
    bytes_ += bytes;
    return true;
  }

 private:
  BodyBudget& budget_;
  std::size_t bytes_ = 0;
};

}  // namespace imdsd::http
