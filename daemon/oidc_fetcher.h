// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/tls_client.h"
#include "base/url.h"
#include "daemon/fetch_guard.h"
#include "sts/oidc_key_cache.h"

namespace imdsd::daemon {

/// Discovery document and keys of an issuer, over HTTPS, or HTTP on loopback. Nobody is trusted
/// with where that leads: both URLs, and every address that their hosts have, are checked, and the
/// connection goes to the address that was checked. No redirects, no proxies. Thread-safe. A
/// failure is logged.
class HttpOidcFetcher final : public sts::OidcFetcher {
 public:
  using Resolve = std::function<base::Result<std::vector<base::IpAddress>>(
      const std::string& host, std::chrono::milliseconds timeout)>;
  static constexpr std::chrono::milliseconds kTimeout{5000};  // of both documents together
  static constexpr std::size_t kMaxBytes = 1u << 20;          // of each

  /// `resolve`: http::resolve, but for tests.
  HttpOidcFetcher(std::vector<iam::Cidr> private_ranges, base::TlsTrust trust, Resolve resolve);

  [[nodiscard]] base::Result<sts::JsonWebKeySet> fetch(
      const std::string& issuer, const std::vector<std::string>& thumbprints) override;

 private:
  class Exchange;
  const std::vector<iam::Cidr> private_ranges_;
  const base::TlsTrust trust_;
  const Resolve resolve_;
};

}  // namespace imdsd::daemon
