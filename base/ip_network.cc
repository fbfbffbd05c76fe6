// SPDX-License-Identifier: MIT
#include "base/ip_network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <cstdint>

namespace imdsd::base {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> masked(const IpAddress& address, int family, unsigned bits) {
  std::array<std::uint8_t, N> bytes{};
  inet_pton(family, address.to_string().c_str(), bytes.data());
  for (std::size_t i = 0; i < N; ++i) {
    const unsigned before = static_cast<unsigned>(i) * 8;
    const unsigned kept = bits <= before ? 0 : std::min(8U, bits - before);
    bytes[i] &= static_cast<std::uint8_t>(0xFF00U >> kept);
  }
  return bytes;
}

}  // namespace

IpAddress network_of(const IpAddress& address, unsigned bits) {
  return address.is_v6() ? IpAddress::from_v6(masked<16>(address, AF_INET6, bits))
                         : IpAddress::from_v4(masked<4>(address, AF_INET, bits));
}

}  // namespace imdsd::base
