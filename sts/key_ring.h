// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::sts {

/// The keys that session tokens are sealed under. New tokens use the newest key; older ones still
/// open theirs. Any process that holds the ring verifies every token. Immutable once made, but for
/// the count of what the newest key has sealed, which copies share.
class KeyRing {
 public:
  struct Key {
    std::string id;    // four bytes, raw; in front of each token
    base::Secret key;  // base::kAeadKeyBytes
    base::SystemTime created;
  };

  [[nodiscard]] static KeyRing generate(base::Random& random, base::SystemTime now);
  /// The text of the ring file. Errc::corrupt for anything to_json() did not write.
  [[nodiscard]] static base::Result<KeyRing> from_json(std::string_view text);
  [[nodiscard]] base::Secret to_json() const;

  /// Adds a key when the newest one is `age` old or has sealed kMaxSeals, and drops those under
  /// which no session can be alive any more. True when something changed, which is then to be kept.
  /// Before others see this ring.
  [[nodiscard]] bool rotate(base::Random& random, base::SystemTime now,
                            std::chrono::seconds age = kRotateAfter);

  static constexpr std::chrono::hours kRotateAfter{30 * 24};
  /// At a start, as nobody knows what the key has sealed before. So a key seals at most kMaxSeals,
  /// and what an hour brings before a start and another before it is noticed: not the 2^32 that
  /// random nonces allow (NIST SP 800-38D section 8.3) below 400,000 sessions a second.
  static constexpr std::chrono::hours kRotateAtStartAfter{1};
  static constexpr std::uint64_t kMaxSeals = std::uint64_t{1} << 30;
  /// The longest session: of GetSessionToken, 36 hours.
  static constexpr std::chrono::hours kLongestSession{36};

  [[nodiscard]] const Key& newest() const { return *keys_.back(); }
  /// Whoever seals under newest() tells it. Thread-safe.
  void count_seals(std::uint64_t number = 1) const {
    seals_->fetch_add(number, std::memory_order_relaxed);
  }
  /// Of newest(), since the ring was read.
  [[nodiscard]] std::uint64_t seals() const { return seals_->load(std::memory_order_relaxed); }
  /// nullptr for an unknown id.
  [[nodiscard]] const Key* find(std::string_view id) const;

 private:
  std::vector<std::shared_ptr<const Key>> keys_;  // oldest first, never empty
  std::shared_ptr<std::atomic<std::uint64_t>> seals_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace imdsd::sts
