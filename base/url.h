// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::base {

/// An absolute http or https URL as something to be fetched: no user information, no fragment
/// (RFC 3986). Host names are letters, digits, hyphens, underscores and dots; what only looks like
/// an IPv4 address, as 0x7f.1, is refused.
struct Url {
  bool secure = false;  // https
  std::string host;     // as written; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string target;  // path and query, "/" at least

  [[nodiscard]] static Result<Url> parse(std::string_view text);
  /// The address that the host is, if it is none that has to be looked up.
  [[nodiscard]] std::optional<IpAddress> literal() const;
  /// localhost, a name under it (RFC 6761 section 6.3), or a loopback address.
  [[nodiscard]] bool is_loopback() const;
  /// For a Host header: without the port where it is the scheme's own.
  [[nodiscard]] std::string authority() const;
};

}  // namespace imdsd::base
