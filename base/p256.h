// SPDX-License-Identifier: MIT
// ECDSA over the curve P-256 with SHA-256 (FIPS 186-5 section 6), by OpenSSL.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace imdsd::base {

inline constexpr std::size_t kP256ScalarBytes = 32;

/// A public key. Immutable; any thread may verify with it.
class P256PublicKey {
 public:
  /// The one that belongs to a private key: kP256ScalarBytes, big-endian. Errc::invalid_argument
  /// unless 1 <= private key < order of the curve.
  [[nodiscard]] static Result<P256PublicKey> of_private(std::string_view private_key);
  /// X and Y, big-endian, in hex: as SigV4A's vectors write it.
  [[nodiscard]] std::string coordinates_hex() const;
  /// `signature` is DER (RFC 3279 section 2.2.3), in its one canonical form.
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

 private:
  struct Key;
  explicit P256PublicKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

}  // namespace imdsd::base
