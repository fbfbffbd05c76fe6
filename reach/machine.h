// SPDX-License-Identifier: MIT
// What is known of the machine (more exactly: of this network namespace), as a value. All that
// `imdsctl up` and `doctor` decide is a function of it; look.h fills it in.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"

namespace imdsd::reach {

/// The dummy link of `imdsctl up --interface dummy`.
inline constexpr std::string_view kDummyLink = "imdsd0";

struct InterfaceAddress {
  base::IpAddress ip;
  unsigned prefix_length = 32;
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

struct Interface {
  std::string name;
  bool loopback = false;
  bool up = false;
  bool bridge = false;
  std::vector<std::string> device_ports =
      {};  // of a bridge: those that are hardware, and lead outside
  std::vector<InterfaceAddress> addresses = {};
  friend bool operator==(const Interface&, const Interface&) = default;
};

/// Which entry of the routing tables a packet to `to` would take.
struct Route {
  enum class Kind {
    local,    // it stays on this machine
    unicast,  // it leaves by `interface`
    closed,   // unreachable, prohibit or blackhole, by somebody's decision
    none      // there is no route
  } kind = Kind::none;
  base::IpAddress to = {};
  std::string interface = {};
  unsigned prefix_length = 0;  // of the entry; 0: a default route
  std::optional<base::IpAddress> gateway = std::nullopt;
  friend bool operator==(const Route&, const Route&) = default;
};

/// A TCP socket that accepts connections.
struct Listener {
  base::SocketAddress address;
  std::string program = {};  // name and process id; empty: not ours to know
  friend bool operator==(const Listener&, const Listener&) = default;
};

/// The machine's makers, from /sys/class/dmi/id and /sys/hypervisor; empty: not told.
struct Dmi {
  std::string sys_vendor = {}, product_name = {}, product_uuid = {}, board_asset_tag = {},
              chassis_asset_tag = {}, bios_version = {}, hypervisor_uuid = {};
  friend bool operator==(const Dmi&, const Dmi&) = default;
};

/// Rules of packet filters as their own tools print them.
struct PacketFilter {
  bool readable = false;  // false: it takes CAP_NET_ADMIN, and a tool
  std::string nft;        // nft list ruleset
  std::string iptables;   // iptables-save and ip6tables-save, where nft is missing
  friend bool operator==(const PacketFilter&, const PacketFilter&) = default;
};

struct Machine {
  std::vector<Interface> interfaces;
  std::vector<Route> routes;  // one for each well-known address
  std::vector<Listener> listeners;
  Dmi dmi;
  PacketFilter filter;
  bool has_ip = false, has_nft = false, has_iptables = false;  // the tools
  bool net_admin = false;                                      // this process has CAP_NET_ADMIN
  bool ipv6 = false;                             // IPv6 is there, and not switched off
  bool container = false;                        // in one, as far as can be told
  std::string namespaces_obstacle;               // why this user cannot make any; empty: can
  std::vector<std::string> localnet_interfaces;  // whose route_localnet is 1

  [[nodiscard]] const Interface* find_interface(std::string_view name) const {
    const auto found = std::find_if(interfaces.begin(), interfaces.end(),
                                    [&](const auto& each) { return each.name == name; });
    return found == interfaces.end() ? nullptr : &*found;
  }
  /// The interface that has the address; null: none.
  [[nodiscard]] const Interface* owner_of(const base::IpAddress& ip) const {
    const auto found = std::find_if(interfaces.begin(), interfaces.end(), [&](const auto& each) {
      return std::any_of(each.addresses.begin(), each.addresses.end(),
                         [&](const auto& address) { return address.ip == ip; });
    });
    return found == interfaces.end() ? nullptr : &*found;
  }
  [[nodiscard]] const Route* route_to(const base::IpAddress& ip) const {
    const auto found =
        std::find_if(routes.begin(), routes.end(), [&](const auto& each) { return each.to == ip; });
    return found == routes.end() ? nullptr : &*found;
  }
  friend bool operator==(const Machine&, const Machine&) = default;
};

/// True when packets to `ip` stay here by what `imdsctl up` (or somebody's hand) put on lo or
/// imdsd0: only then may it be connected to.
[[nodiscard]] inline bool is_ours(const Machine& machine, const base::IpAddress& ip) {
  if (ip.is_loopback()) return true;
  const auto* owner = machine.owner_of(ip);
  const auto* route = machine.route_to(ip);
  return owner && (owner->loopback || owner->name == kDummyLink) && route &&
         route->kind == Route::Kind::local;
}

}  // namespace imdsd::reach
