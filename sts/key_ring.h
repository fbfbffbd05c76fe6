// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::sts {

/// The keys that session tokens are sealed under. New tokens use the newest key; older ones still
/// open theirs. Any process that holds the ring verifies every token. Immutable once made.
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

  /// Adds a key when the newest one is kRotateAfter old, and drops those under which no session can
  /// be alive any more. True when something changed, which is then to be kept. Before others see
  /// the ring.
  [[nodiscard]] bool rotate(base::Random& random, base::SystemTime now);

  static constexpr std::chrono::hours kRotateAfter{30 * 24};
  /// The longest session: of GetSessionToken, 36 hours.
  static constexpr std::chrono::hours kLongestSession{36};

  [[nodiscard]] const Key& newest() const { return keys_.back(); }
  /// nullptr for an unknown id.
  [[nodiscard]] const Key* find(std::string_view id) const;

 private:
  std::vector<Key> keys_;  // oldest first, never empty
};

}  // namespace imdsd::sts
