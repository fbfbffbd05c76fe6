// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/hash_index.h"
#include "base/ip_network.h"

namespace imdsd::imds {

/// Networks, each with the place of what it belongs to; the longest prefix wins. A hash table
/// for each prefix length in use: a look-up costs as many probes as there are lengths, however many
/// networks, and allocates nothing.
class PeerTable {
 public:
  /// False when the network is there already: it keeps its place then.
  bool add(const base::IpNetwork& network, std::size_t place);
  /// That of the smallest network that has the address.
  [[nodiscard]] std::optional<std::size_t> find(const base::IpAddress& address) const noexcept;

 private:
  struct Network {
    base::IpAddress address;
    std::size_t place;
  };
  struct Length {
    unsigned bits = 0;
    std::vector<Network> networks = {};
    base::HashIndex index = base::HashIndex();
    [[nodiscard]] std::optional<std::size_t> find(const base::IpAddress& address) const noexcept;
  };
  using Lengths = std::vector<Length>;  // longest first

  Lengths v4_, v6_;
};

}  // namespace imdsd::imds
