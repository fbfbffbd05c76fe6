// SPDX-License-Identifier: MIT
#include "reach/plan.h"

#include <algorithm>

#include "reach/packet_rules.h"
#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

using base::Errc;
using base::fail;
using base::IpAddress;
using base::Result;
using base::SocketAddress;
using Port80 = Wish::Port80;

IpAddress loopback(bool ipv6) {
  return ipv6 ? IpAddress::from_v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
              : IpAddress::from_v4({127, 0, 0, 1});
}

/// The listener that packets of this machine reach best: one on loopback, one on every address, or
/// any.
std::optional<SocketAddress> target(const std::vector<SocketAddress>& listeners, bool ipv6) {
  std::optional<SocketAddress> any;
  std::optional<SocketAddress> unspecified;
  for (const auto& each : listeners) {
    if (each.ip.is_v6() != ipv6) continue;
    if (each.ip.is_loopback()) return each;
    if (each.ip.is_unspecified() && !unspecified) {
      unspecified = SocketAddress{loopback(ipv6), each.port};
    } else if (!any) {
      any = each;
    }
  }
  return unspecified ? unspecified : any;
}

bool listens_there(const std::vector<SocketAddress>& listeners, const IpAddress& address) {
  return std::any_of(listeners.begin(), listeners.end(), [&](const auto& each) {
    return each.port == kWellKnownPort &&
           (each.ip == address || (each.ip.is_unspecified() && each.ip.is_v6() == address.is_v6()));
  });
}

struct Door {
  IpAddress address;
  const std::vector<SocketAddress>* listeners;
  const char* setting;
  std::uint16_t port;  // of an example
};

std::vector<Door> wanted_doors(const Wish& wish, const Doors& doors) {
  std::vector<Door> out = {{imds_v4(), &doors.imds, "imds.listen", 1338}};
  if (wish.ipv6) out.push_back({imds_v6(), &doors.imds, "imds.listen", 1338});
  if (wish.ecs) out.push_back({ecs_v4(), &doors.ecs, "ecs.listen", 1341});
  if (wish.eks) out.push_back({eks_v4(), &doors.eks, "eks.listen", 1342});
  if (wish.eks && wish.ipv6) out.push_back({eks_v6(), &doors.eks, "eks.listen", 1342});
  return out;
}

}  // namespace

Result<std::vector<Way>> choose_ways(const Wish& wish, const Doors& doors) {
  std::vector<Way> out;
  for (const auto& door : wanted_doors(wish, doors)) {
    const bool direct =
        wish.port80 == Port80::direct ||
        (wish.port80 == Port80::automatic && listens_there(*door.listeners, door.address));
    if (direct) {
      out.push_back({door.address, std::nullopt});
      continue;
    }
    const auto to = target(*door.listeners, door.address.is_v6());
    if (!to) {
      return fail(Errc::not_found,
                  "imdsd listens on no " + std::string(door.address.is_v6() ? "IPv6" : "IPv4") +
                      " address that " + door.address.to_string() + " could lead to: add one to " +
                      door.setting + ", as `" +
                      SocketAddress{loopback(door.address.is_v6()), door.port}.to_string() +
                      "`, and start it again");
    }
    out.push_back({door.address, to});
  }
  return out;
}

std::vector<Step> plan(const Machine& machine, const Wish& wish, const std::vector<Way>& ways,
                       const std::vector<Step>& made) {
  std::vector<Step> out;
  const Rules rules{ways, wish.bridge};
  if (machine.has_nft) {
    out.push_back({.kind = Step::Kind::nft_table, .rules = rules});
  } else if (machine.has_iptables) {
    for (const bool ipv6 : {false, true}) {
      for (auto& table : iptables_tables(rules, ipv6)) {
        out.push_back({.kind = Step::Kind::iptables_chain,
                       .rules = rules,
                       .table = std::move(table),
                       .ipv6 = ipv6});
      }
    }
  }
  const auto add_unless_there = [&](Step step) {
    const bool mine = std::count(made.begin(), made.end(), step) != 0;
    if (mine || !is_in_place(step, machine)) out.push_back(std::move(step));
  };
  const bool to_loopback = std::any_of(ways.begin(), ways.end(), [](const auto& way) {
    return way.to && !way.to->ip.is_v6() && way.to->ip.is_loopback();
  });
  if (!wish.bridge.empty() && to_loopback) {
    add_unless_there({.kind = Step::Kind::route_localnet, .interface = wish.bridge});
  }
  const std::string link = wish.dummy ? std::string(kDummyLink) : "lo";
  if (wish.dummy) {
    out.push_back({.kind = Step::Kind::link, .interface = link});
    out.push_back({.kind = Step::Kind::link_up, .interface = link});
  }
  for (const auto& way : ways) {
    const Step step{.kind = Step::Kind::address, .interface = link, .address = way.address};
    const bool mine = std::count(made.begin(), made.end(), step) != 0;
    const auto* owner = machine.owner_of(way.address);
    const bool moves = std::any_of(made.begin(), made.end(), [&](const auto& each) {
      return each.kind == Step::Kind::address && each.address == way.address;
    });
    if (mine || moves || !owner) out.push_back(step);
  }
  return out;
}

}  // namespace imdsd::reach
