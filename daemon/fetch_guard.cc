// SPDX-License-Identifier: MIT
#include "daemon/fetch_guard.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/codec.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::IpAddress;
using base::Result;

// https://www.iana.org/assignments/iana-ipv4-special-registry/ and iana-ipv6-special-registry.
// The last two lead to any IPv4 address: a network's own NAT64 (RFC 8215), which may put it
// anywhere behind its prefix, and SIIT (RFC 2765 section 2.1).
constexpr std::array kNever{"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4",    "240.0.0.0/4",
                            "::/128",    "fe80::/10",      "fd00:ec2::/32",  "ff00::/8",
                            "100::/64",  "2001::/32",      "64:ff9b:1::/48", "::ffff:0:0:0/96"};
constexpr std::array kNotPublic{
    "10.0.0.0/8",   "172.16.0.0/12", "192.168.0.0/16",  "100.64.0.0/10",  "198.18.0.0/15",
    "192.0.0.0/24", "192.0.2.0/24",  "198.51.100.0/24", "203.0.113.0/24", "127.0.0.0/8",
    "::1/128",      "fc00::/7",      "fec0::/10",       "2001:db8::/32",  "3fff::/20"};

bool is_in(const iam::Cidr& address, const char* range) {
  const auto cidr = iam::Cidr::parse(range);
  return cidr && cidr->contains(address);
}

/// The IPv4 address inside of one that leads to it: NAT64 (RFC 6052), 6to4 (RFC 3056), and the
/// IPv4-compatible ones.
std::optional<iam::Cidr> embedded_v4(const iam::Cidr& address) {
  if (!address.v6) return std::nullopt;
  std::size_t at = 0;
  if (is_in(address, "64:ff9b::/96") || is_in(address, "::/96")) {
    at = 12;
  } else if (is_in(address, "2002::/16")) {
    at = 2;
  } else {
    return std::nullopt;
  }
  iam::Cidr inner;
  std::copy_n(address.address.begin() + static_cast<std::ptrdiff_t>(at), 4, inner.address.begin());
  inner.bits = 32;
  return inner;
}

template <std::size_t N>
bool is_in_any(const iam::Cidr& address, const std::array<const char*, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const char* range) { return is_in(address, range); });
}

tl::unexpected<base::Error> refused(const IpAddress& address, const base::Url& url,
                                    const std::string& why) {
  return fail(Errc::invalid_argument,
              "`" + url.host + "` is at " + address.to_string() + ", " + why);
}

}  // namespace

Result<void> check_fetch_scheme(const base::Url& url) {
  if (url.secure || url.is_loopback()) return {};
  return fail(Errc::invalid_argument,
              "`http://" + url.authority() + "` must be https; http is for loopback");
}

Result<void> check_fetch_address(const IpAddress& address, const base::Url& url,
                                 const FetchRules& rules) {
  const auto cidr = iam::Cidr::parse(address.to_string());
  if (!cidr) return fail(Errc::internal, "`" + address.to_string() + "` is no address");
  const bool is_listed = std::any_of(rules.private_ranges.begin(), rules.private_ranges.end(),
                                     [&](const auto& range) { return range.contains(*cidr); });
  const auto inner = address.is_loopback() ? std::nullopt : embedded_v4(*cidr);
  if (is_in_any(*cidr, kNever) || (inner && is_in_any(*inner, kNever))) {
    return refused(address, url, "where nothing is ever fetched from");
  }
  if (!url.secure && !address.is_loopback()) {
    return refused(address, url, "which is not loopback; http is for loopback");
  }
  if (address.is_loopback() && rules.loopback && url.is_loopback()) return {};
  if (is_listed) return {};
  if (is_in_any(*cidr, kNotPublic) || (inner && is_in_any(*inner, kNotPublic))) {
    return refused(address, url, "which is not public and not in sts.oidc_private_ranges");
  }
  return {};
}

}  // namespace imdsd::daemon
