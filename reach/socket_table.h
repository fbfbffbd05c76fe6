// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace imdsd::reach {

struct ListeningSocket {
  base::SocketAddress address;
  std::uint64_t inode = 0;
  friend bool operator==(const ListeningSocket&, const ListeningSocket&) = default;
};

/// The sockets in state LISTEN of /proc/net/tcp or tcp6 (proc(5)); lines that cannot be read are
/// left out.
[[nodiscard]] std::vector<ListeningSocket> parse_socket_table(std::string_view text);

}  // namespace imdsd::reach
