// SPDX-License-Identifier: MIT
// Where the daemon may fetch something from, when it is not the operator alone who says where:
// requests that are made to be sent on to the inside (SSRF) end here.
#pragma once

#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/url.h"
#include "iam/condition_ip.h"

namespace imdsd::daemon {

/// What an operator allows beside public addresses.
struct FetchRules {
  std::vector<iam::Cidr> private_ranges;
  /// Loopback by its own name (localhost, 127.0.0.1): for an issuer that is there itself.
  bool loopback = false;
};

/// https, or http to loopback. Errc::invalid_argument otherwise.
[[nodiscard]] base::Result<void> check_fetch_scheme(const base::Url& url);

/// Errc::invalid_argument for an address that must not be connected to on behalf of `url`. Never:
/// link-local ones, where instance metadata is, those of EC2 (fd00:ec2::/32), unspecified,
/// multicast and reserved ones, also inside of IPv6 transition addresses. Private, shared and
/// loopback ones only where the rules name them. For an http URL none but loopback.
[[nodiscard]] base::Result<void> check_fetch_address(const base::IpAddress& address,
                                                     const base::Url& url, const FetchRules& rules);

}  // namespace imdsd::daemon
