// SPDX-License-Identifier: MIT
// Private keys with their self-signed certificates, and the two kinds of signature that EC2 gives
// its identity documents, by OpenSSL: bare RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2), and PKCS #7
// signed data (RFC 2315 section 9) with the content in it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::base {

/// With the digest that it signs: SHA-1 for dsa1024, SHA-256 for the others.
enum class CertifiedKeyType { rsa1024, rsa2048, dsa1024, dsa2048 };

/// "RSA-2048 with SHA-256"
[[nodiscard]] std::string_view to_string(CertifiedKeyType type) noexcept;

struct CertificateSubject {
  std::string organization, common_name;  // issuer as well
  SystemTime not_before, not_after;
};

/// Immutable; signing is thread-safe. Copies share the key.
class CertifiedKey {
 public:
  /// From OpenSSL's own generator, which takes no other. DSA takes the groups of RFC 5114, so that
  /// nobody waits for parameters. Errc::internal when libcrypto refuses, as a FIPS policy may.
  [[nodiscard]] static Result<CertifiedKey> generate(CertifiedKeyType type,
                                                     const CertificateSubject& subject);
  /// Certificate and PKCS #8 key in turn, as to_pem() writes them. Errc::corrupt when one is
  /// missing, they do not belong together, or the key is of another type than those above.
  [[nodiscard]] static Result<std::vector<CertifiedKey>> read_pem(std::string_view pem);

  [[nodiscard]] CertifiedKeyType type() const noexcept;
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] Secret to_pem() const;

  /// The bare signature. RSA keys only.
  [[nodiscard]] Result<std::string> sign(std::string_view data) const;
  /// PKCS #7 in BER of indefinite length, without certificates; content type, signing time and
  /// message digest are signed along.
  [[nodiscard]] Result<std::string> sign_message(std::string_view content,
                                                 SystemTime signing_time) const;

 private:
  struct Parts;
  explicit CertifiedKey(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const Parts> parts_;
};

}  // namespace imdsd::base
