// SPDX-License-Identifier: MIT
#include "reach/step.h"

#include <algorithm>

#include "reach/packet_rules.h"

namespace imdsd::reach {
namespace {

using Kind = Step::Kind;

std::string restore_program(const Step& step) {
  return step.ipv6 ? "ip6tables-restore" : "iptables-restore";
}

std::string localnet_file(const Step& step) {
  return "/proc/sys/net/ipv4/conf/" + step.interface + "/route_localnet";
}

/// `scope host`, and `preferred_lft 0`: the kernel must choose it as the source of nothing but what
/// goes to the address itself (RFC 6724 section 5, rules 1 and 3).
Command add_address(const Step& step) {
  const auto text = step.address->to_string();
  if (!step.address->is_v6()) {
    return {{"ip", "address", "add", text + "/32", "dev", step.interface, "scope", "host"}, "", ""};
  }
  return {
      {"ip", "address", "add", text + "/128", "dev", step.interface, "nodad", "preferred_lft", "0"},
      "",
      ""};
}

}  // namespace

Command do_command(const Step& step) {
  switch (step.kind) {
    case Kind::nft_table:
      return {{"nft", "-f", "-"}, nft_script(step.rules), ""};
    case Kind::iptables_chain:
      return {{restore_program(step), "--noflush"},
              iptables_script(step.rules, step.table, step.ipv6),
              ""};
    case Kind::route_localnet:
      return {{}, "1", localnet_file(step)};
    case Kind::link:
      return {{"ip", "link", "add", step.interface, "type", "dummy"}, "", ""};
    case Kind::link_up:
      return {{"ip", "link", "set", step.interface, "up"}, "", ""};
    case Kind::address:
      break;
  }
  return add_address(step);
}

std::optional<Command> undo_command(const Step& step) {
  switch (step.kind) {
    case Kind::nft_table:
      return Command{{"nft", "delete", "table", "inet", std::string(kNftTable)}, "", ""};
    case Kind::iptables_chain:
      return Command{
          {restore_program(step), "--noflush"}, iptables_undo_script(step.rules, step.table), ""};
    case Kind::route_localnet:
      return Command{{}, "0", localnet_file(step)};
    case Kind::link:
      return Command{{"ip", "link", "delete", step.interface}, "", ""};
    case Kind::link_up:
      return std::nullopt;
    case Kind::address:
      break;
  }
  const auto prefix = step.address->is_v6() ? "/128" : "/32";
  return Command{
      {"ip", "address", "delete", step.address->to_string() + prefix, "dev", step.interface},
      "",
      ""};
}

bool is_in_place(const Step& step, const Machine& machine) {
  const auto* interface = machine.find_interface(step.interface);
  switch (step.kind) {
    case Kind::nft_table:
      return has_nft_table(machine.filter.nft);
    case Kind::iptables_chain:
      return has_iptables_chain(machine.filter.iptables, step.table, step.ipv6);
    case Kind::route_localnet:
      return std::count(machine.localnet_interfaces.begin(), machine.localnet_interfaces.end(),
                        step.interface) != 0;
    case Kind::link:
      return interface != nullptr;
    case Kind::link_up:
      return interface && interface->up;
    case Kind::address:
      break;
  }
  const unsigned bits = step.address->is_v6() ? 128 : 32;
  return interface && std::count(interface->addresses.begin(), interface->addresses.end(),
                                 InterfaceAddress{*step.address, bits}) != 0;
}

}  // namespace imdsd::reach
