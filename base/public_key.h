// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace imdsd::base {

/// Signatures that JSON Web Signatures name (RFC 7518 section 3.1), and no others here: RSA with
/// PKCS #1 v1.5 padding, and ECDSA.
enum class SignatureAlgorithm { rs256, rs384, rs512, es256, es384, es512 };

/// "RS256"; nothing for any other text, "none" and "HS256" among them.
[[nodiscard]] std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view name);

enum class EllipticCurve { p256, p384, p521 };

/// The public half of a key that signs. Immutable, cheap to copy, thread-safe.
class PublicKey {
 public:
  /// Of RSA: modulus and exponent, big-endian. Errc::invalid_argument unless the modulus has 2,048
  /// (RFC 7518 section 3.3) to 8,192 bits and the exponent is odd and has at most 32.
  [[nodiscard]] static Result<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
  /// Of an elliptic curve: coordinates, big-endian, as long as the curve's field (RFC 7518 section
  /// 6.2.1.2). Errc::invalid_argument for what is no point of it.
  [[nodiscard]] static Result<PublicKey> elliptic(EllipticCurve curve, std::string_view x,
                                                  std::string_view y);

  /// May a signature of this algorithm be one of this key? ES256 goes with P-256 alone.
  [[nodiscard]] bool fits(SignatureAlgorithm algorithm) const;
  /// False for anything but a signature over `data` by the other half of the key. That of ECDSA is
  /// the two numbers, one behind the other (RFC 7518 section 3.4).
  [[nodiscard]] bool verifies(SignatureAlgorithm algorithm, std::string_view data,
                              std::string_view signature) const;

 private:
  struct Key;
  explicit PublicKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

}  // namespace imdsd::base
