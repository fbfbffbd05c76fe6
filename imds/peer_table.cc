// SPDX-License-Identifier: MIT
#include "imds/peer_table.h"

#include <algorithm>

namespace imdsd::imds {

bool PeerTable::add(const base::IpNetwork& network, std::size_t place) {
  Lengths& lengths = network.address.is_v6() ? v6_ : v4_;
  auto length = std::find_if(lengths.begin(), lengths.end(),
                             [&](const Length& each) { return each.bits <= network.bits; });
  if (length == lengths.end() || length->bits != network.bits) {
    length = lengths.insert(length, Length{network.bits, {}});
  }
  return length->networks.try_emplace(network.address, place).second;
}

std::optional<std::size_t> PeerTable::find(const base::IpAddress& address) const noexcept {
  for (const Length& length : address.is_v6() ? v6_ : v4_) {
    const auto found = length.networks.find(base::network_of(address, length.bits));
    if (found != length.networks.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace imdsd::imds
