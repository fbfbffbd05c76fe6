// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/signing_key.h"
#include "sts/json_web_key.h"

namespace imdsd::sts {

/// The keys that JSON Web Tokens are signed with, an RSA and an elliptic one at a time. They are
/// replaced with overlap: a new key is published a day before it signs, so that those who verify
/// have it by then, and a replaced one stays published until nothing that it signed is valid.
/// Immutable once made.
class SigningKeys {
 public:
  static constexpr std::chrono::hours kPeriod{24 * 90};  // a key is replaced at this age
  static constexpr std::chrono::hours kLead{24};         // published, does not sign yet
  /// The longest that a token is valid, and a day for clocks that differ.
  static constexpr std::chrono::hours kOverlap{48};

  struct Key {
    std::string id;  // RFC 7638: the thumbprint of the public key
    base::SigningKey key;
    base::SystemTime created;
  };

  /// None.
  SigningKeys() = default;
  /// The text of the file. Errc::corrupt for anything to_json() did not write.
  [[nodiscard]] static base::Result<SigningKeys> from_json(std::string_view text);
  [[nodiscard]] base::Secret to_json() const;

  /// True when rotated() would change something.
  [[nodiscard]] bool due(base::SystemTime now) const;
  /// With new keys where there is none or it has come to its age, without those that nobody needs
  /// any more.
  [[nodiscard]] base::Result<SigningKeys> rotated(base::SystemTime now) const;

  /// The key that signs now: the newest that has been published long enough, else the oldest. Null
  /// when there is none.
  [[nodiscard]] const Key* signer(base::SignatureAlgorithm algorithm, base::SystemTime now) const;
  /// Oldest first.
  [[nodiscard]] const std::vector<Key>& all() const noexcept { return keys_; }
  /// What verifies their signatures; never null.
  [[nodiscard]] const std::shared_ptr<const JsonWebKeySet>& public_keys() const noexcept {
    return public_keys_;
  }

 private:
  [[nodiscard]] bool wants(base::SignatureAlgorithm algorithm, base::SystemTime now) const;
  [[nodiscard]] bool needs(const Key& key, base::SystemTime now) const;

  /// Makes public_keys_ of keys_: reading them takes as long as verifying a token does.
  [[nodiscard]] base::Result<void> read_public_keys();

  std::vector<Key> keys_;
  std::shared_ptr<const JsonWebKeySet> public_keys_ = std::make_shared<const JsonWebKeySet>();
};

/// Where they are kept. Thread-safe.
class SigningKeySource {
 public:
  virtual ~SigningKeySource() = default;
  /// With a signer for each algorithm.
  [[nodiscard]] virtual base::Result<std::shared_ptr<const SigningKeys>> keys(
      base::SystemTime now) = 0;
};

/// What verifies their tokens: a set of JSON Web Keys (RFC 7517).
[[nodiscard]] std::string key_set_json(const SigningKeys& keys);
/// A token with these claims, a JSON object (RFC 7519, RFC 7515).
[[nodiscard]] std::string sign_token(const SigningKeys::Key& key, std::string_view claims);

}  // namespace imdsd::sts
