// SPDX-License-Identifier: MIT
// Certificates of a local authority and of the servers that it vouches for (X.509, RFC 5280):
// ECDSA on P-256, by OpenSSL. An authority vouches for the names in it and for no others: who
// trusts it trusts it for those only.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace imdsd::base {

/// What a certificate is for. In an authority's, `localhost` stands for the names below it, too.
struct CertificateNames {
  std::vector<std::string> dns;  // "localhost", "*.localhost"
  std::vector<IpAddress> ips;
  friend bool operator==(const CertificateNames&, const CertificateNames&) = default;
};

struct CertificateTerms {
  std::string common_name;
  CertificateNames names;  // at least one
  SystemTime now;          // valid from an hour before: clocks differ
  std::chrono::hours lifetime{};
};

/// A private key (PKCS #8) and its certificate, in PEM. The key comes from OpenSSL's generator;
/// `random` gives the serial number. Errc::invalid_argument for a name that is none.
[[nodiscard]] Result<Secret> make_certificate_authority(const CertificateTerms& terms,
                                                        Random& random);
/// The same of a server, signed by `authority`, which is what make_certificate_authority() gave.
[[nodiscard]] Result<Secret> issue_server_certificate(const Secret& authority,
                                                      const CertificateTerms& terms,
                                                      Random& random);

/// The first certificate in `pem`, without the keys in it. Errc::corrupt when there is none.
[[nodiscard]] Result<std::string> public_certificate(std::string_view pem);
/// The names of the first certificate in `pem`, in its order. Errc::corrupt.
[[nodiscard]] Result<CertificateNames> certificate_names(std::string_view pem);
/// Holds when a client that trusts `authority` alone takes `server` at that time: signature,
/// validity, purpose, and the names that the authority may vouch for. Errc::access_denied with
/// OpenSSL's reason.
[[nodiscard]] Result<void> verify_server_certificate(std::string_view authority,
                                                     std::string_view server, SystemTime at);

}  // namespace imdsd::base
