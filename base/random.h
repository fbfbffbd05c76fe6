// SPDX-License-Identifier: MIT
// Randomness, injected: the only source of it below daemon/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace imdsd::base {

/// Cryptographically secure in production, scripted in tests. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  /// Fills all of `out`. Cannot fail: a process without entropy ends.
  virtual void fill(std::span<std::byte> out) = 0;

  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] double uniform01();
  [[nodiscard]] std::uint64_t next_u64();
};

/// OpenSSL's CSPRNG.
class RealRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace imdsd::base
