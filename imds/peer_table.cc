// SPDX-License-Identifier: MIT
#include "imds/peer_table.h"

#include <algorithm>

namespace imdsd::imds {

bool PeerTable::add(const base::IpNetwork& network, std::size_t place) {
  Lengths& lengths = network.address.is_v6() ? v6_ : v4_;
  auto length = std::find_if(lengths.begin(), lengths.end(),
                             [&](const Length& each) { return each.bits <= network.bits; });
  if (length == lengths.end() || length->bits != network.bits) {
    length = lengths.insert(length, Length{network.bits});
  }
  if (length->find(network.address)) return false;
  length->index.add(base::IpAddressHash{}(network.address), length->networks.size());
  length->networks.push_back({network.address, place});
  return true;
}

std::optional<std::size_t> PeerTable::Length::find(const base::IpAddress& address) const noexcept {
  const auto found = index.find(base::IpAddressHash{}(address), [&](std::size_t candidate) {
    return networks[candidate].address == address;
  });
  return found ? std::optional(networks[*found].place) : std::nullopt;
}

std::optional<std::size_t> PeerTable::find(const base::IpAddress& address) const noexcept {
  for (const Length& length : address.is_v6() ? v6_ : v4_) {
    if (const auto place = length.find(base::network_of(address, length.bits))) return place;
  }
  return std::nullopt;
}

}  // namespace imdsd::imds
