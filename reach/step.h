// SPDX-License-Identifier: MIT
// What `imdsctl up` is made of: steps that each are one command, that can be seen to be in place,
// and that can be taken back. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "reach/command.h"
#include "reach/machine.h"

namespace imdsd::reach {

/// One well-known address, and the daemon's listener behind its port 80.
struct Way {
  base::IpAddress address;
  std::optional<base::SocketAddress> to;  // none: the daemon listens at address:80 itself
  friend bool operator==(const Way&, const Way&) = default;
};

/// Packet-filter rules: the redirects, and what keeps other hosts out.
struct Rules {
  std::vector<Way> ways;
  std::string bridge;  // whose containers may come in; empty: none
  friend bool operator==(const Rules&, const Rules&) = default;
};

struct Step {
  enum class Kind {
    nft_table,       // table inet imdsd
    iptables_chain,  // chain IMDSD of `table`, where nft is missing
    route_localnet,  // of `interface`: packets from there may be redirected to 127.0.0.0/8
    link,            // a dummy link
    link_up,
    address
  } kind = Kind::address;
  std::string interface = {};
  std::optional<base::IpAddress> address = std::nullopt;
  Rules rules = {};
  std::string table = {};  // iptables_chain: filter, raw or nat
  bool ipv6 = false;       // iptables_chain: of ip6tables
  friend bool operator==(const Step&, const Step&) = default;
};

[[nodiscard]] Command do_command(const Step& step);
/// Nothing for a step that goes with another: a link that is deleted need not be set down.
[[nodiscard]] std::optional<Command> undo_command(const Step& step);
[[nodiscard]] bool is_in_place(const Step& step, const Machine& machine);

}  // namespace imdsd::reach
