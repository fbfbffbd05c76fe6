// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/public_key.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::base {

/// A private key that signs JSON Web Tokens: RSA of 2,048 bits for RS256, P-384 for ES384.
/// Immutable, cheap to copy, thread-safe.
class SigningKey {
 public:
  /// A new key, by OpenSSL's generator; an RSA key takes some tenths of a second. Errc::internal
  /// for an algorithm other than those two.
  [[nodiscard]] static Result<SigningKey> generate(SignatureAlgorithm algorithm);
  /// Errc::corrupt for anything but to_pem() of a key for this algorithm.
  [[nodiscard]] static Result<SigningKey> from_pem(SignatureAlgorithm algorithm, const Secret& pem);
  /// PKCS #8.
  [[nodiscard]] Secret to_pem() const;

  [[nodiscard]] SignatureAlgorithm algorithm() const noexcept { return algorithm_; }
  /// As JSON Web Signatures have it (RFC 7518 section 3): that of ECDSA is the two numbers, one
  /// behind the other.
  [[nodiscard]] std::string sign(std::string_view data) const;
  /// The numbers of the public half under the names of RFC 7518 section 6, big-endian and sorted by
  /// name: `e` and `n`, or `x` and `y`.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string>> public_numbers() const;

 private:
  struct Key;
  SigningKey(SignatureAlgorithm algorithm, std::shared_ptr<const Key> key)
      : algorithm_(algorithm), key_(std::move(key)) {}

  SignatureAlgorithm algorithm_;
  std::shared_ptr<const Key> key_;
};

}  // namespace imdsd::base
