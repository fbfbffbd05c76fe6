// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string_view>

#include "base/random.h"

namespace imdsd::fakes {

/// Gives the scripted bytes first, in order, then a sequence that the seed alone determines
/// (SplitMix64). Thread-safe.
class ScriptedRandom final : public base::Random {
 public:
  explicit ScriptedRandom(std::uint64_t seed = 1) : state_(seed) {}

  void fill(std::span<std::byte> out) override {
    std::lock_guard lock(mutex_);
    for (std::byte& byte : out) byte = next_byte();
    drawn_ += out.size();
  }

  void script_bytes(std::string_view bytes) {
    std::lock_guard lock(mutex_);
    for (const char c : bytes) script_.push_back(static_cast<std::byte>(c));
  }

  /// The next next_u64() gives `value`.
  void script_u64(std::uint64_t value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    std::lock_guard lock(mutex_);
    script_.insert(script_.end(), bytes.begin(), bytes.end());
  }

  /// The next uniform01() gives `value`, in [0, 1), to 53 bits.
  void script_uniform01(double value) {
    script_u64(static_cast<std::uint64_t>(value * 0x1.0p53) << 11);
  }

  /// Bytes given so far.
  [[nodiscard]] std::size_t drawn() const {
    std::lock_guard lock(mutex_);
    return drawn_;
  }

 private:
  std::byte next_byte() {
    if (!script_.empty()) {
      const std::byte byte = script_.front();
      script_.pop_front();
      return byte;
    }
    if (word_bytes_ == 0) {
      word_ = next_word();
      word_bytes_ = sizeof word_;
    }
    const auto byte = static_cast<std::byte>(word_ & 0xFF);
    word_ >>= 8;
    --word_bytes_;
    return byte;
  }

  std::uint64_t next_word() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  mutable std::mutex mutex_;
  std::deque<std::byte> script_;
  std::uint64_t state_;
  std::uint64_t word_ = 0;
  std::size_t word_bytes_ = 0;
  std::size_t drawn_ = 0;
};

}  // namespace imdsd::fakes
