// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"

namespace imdsd::base {

/// `address` with all but its first `bits` bits zero; the address itself for 32 (IPv4) or 128 bits
/// and more.
[[nodiscard]] IpAddress network_of(const IpAddress& address, unsigned bits) noexcept;

/// 10.0.0.0/24, 2001:db8::/32. An IPv4-mapped IPv6 network is held as the IPv4 network.
struct IpNetwork {
  IpAddress address;  // the first one: its bits behind the prefix are zero
  unsigned bits = 0;  // 0..32 or 0..128

  /// Without a length, one address. An address that is not the network's first is refused, and the
  /// message tells the network that it is in.
  [[nodiscard]] static Result<IpNetwork> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool contains(const IpAddress& other) const noexcept {
    return address.is_v6() == other.is_v6() && network_of(other, bits) == address;
  }
  friend bool operator==(const IpNetwork&, const IpNetwork&) = default;
};

/// For hash maps: of the bytes, well mixed.
struct IpAddressHash {
  [[nodiscard]] std::size_t operator()(const IpAddress& address) const noexcept;
};

}  // namespace imdsd::base
