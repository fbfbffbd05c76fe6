// SPDX-License-Identifier: MIT
// A machine in memory that does what `ip`, `nft` and iptables-restore would, as far as
// `imdsctl up` uses them, and refuses what they refuse.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "reach/packet_rules.h"
#include "reach/up.h"
#include "reach/well_known.h"

namespace imdsd::reach {

/// Thrown where a process would have been killed.
struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

/// A laptop: lo, eth0 with a default route, all tools, root.
inline Machine laptop() {
  Machine machine;
  machine.interfaces = {{.name = "lo",
                         .loopback = true,
                         .up = true,
                         .addresses = {{base::IpAddress::from_v4({127, 0, 0, 1}), 8}}},
                        {.name = "eth0",
                         .up = true,
                         .addresses = {{base::IpAddress::from_v4({192, 168, 1, 7}), 24}}}};
  for (const auto& to : {imds_v4(), imds_v6(), ecs_v4(), eks_v4(), eks_v6()}) {
    Route route;
    route.to = to;
    if (!to.is_v6()) {
      route.kind = Route::Kind::unicast;
      route.interface = "eth0";
      route.gateway = base::IpAddress::from_v4({192, 168, 1, 1});
    }
    machine.routes.push_back(route);
  }
  machine.has_ip = machine.has_nft = machine.net_admin = machine.ipv6 = true;
  machine.filter.readable = true;
  return machine;
}

class FakeMachine final : public Control {
 public:
  explicit FakeMachine(Machine start = laptop()) : machine(std::move(start)) {}

  Machine machine;
  Record record;
  int operations = 0;           // of execute() and save()
  int killed_before = -1;       // at which operation the process ends, nothing done
  int killed_after = -1;        // and at which it ends when all is done
  int interrupted_from = 1000;  // from which operation on somebody wants us to stop
  int fails_at = -1;
  std::vector<std::string> commands;

  Machine look() override { return machine; }
  base::Result<Record> load() override { return record; }
  base::Result<void> save(const Record& next) override {
    return operation([&] { return keep(next); });
  }
  base::Result<void> execute(const Command& command) override {
    commands.push_back(to_text(command));
    return operation([&] { return run(command); });
  }
  bool interrupted() override { return operations >= interrupted_from; }

  /// Somebody's other processes go on after a kill.
  void forget_limits() { killed_before = killed_after = fails_at = -1, interrupted_from = 1000; }

 private:
  template <class Do>
  base::Result<void> operation(const Do& work) {
    const int number = operations++;
    if (number == killed_before) throw Killed();
    if (number == fails_at) return base::fail(base::Errc::unavailable, "no luck");
    auto done = work();
    if (number == killed_after) throw Killed();
    return done;
  }

  base::Result<void> keep(const Record& next) {
    record = next;
    return {};
  }

  static base::Result<void> refuse(const Command& command) {
    return base::fail(base::Errc::unavailable, "refused: " + to_text(command));
  }

  base::Result<void> run(const Command& command) {
    if (!command.file.empty()) return set_localnet(command);
    const auto& words = command.arguments;
    if (words[0] == "nft") return nft(command);
    if (words[0].ends_with("-restore")) return restore(command);
    if (words.size() >= 5 && words[1] == "address") return address(command);
    if (words[1] == "link") return link(command);
    return refuse(command);
  }

  base::Result<void> set_localnet(const Command& command) {
    auto& list = machine.localnet_interfaces;
    const auto start = std::string("/proc/sys/net/ipv4/conf/").size();
    const auto name = command.file.substr(start, command.file.find('/', start) - start);
    if (!machine.find_interface(name)) return refuse(command);
    std::erase(list, name);
    if (command.input == "1") list.push_back(name);
    return {};
  }

  base::Result<void> nft(const Command& command) {
    auto& rules = machine.filter.nft;
    const auto at = rules.find("table inet imdsd {\n");
    const bool there = at != std::string::npos;
    if (command.arguments[1] == "delete" && !there) return refuse(command);
    if (there) rules.erase(at, rules.find("\n}\n", at) + 3 - at);
    if (command.arguments[1] == "-f") {
      rules += command.input.substr(command.input.find("table inet imdsd {\n"));
    }
    return {};
  }

  /// The saved text is a line for each chain of ours: what has_iptables_chain() reads.
  base::Result<void> restore(const Command& command) {
    const bool ipv6 = command.arguments[0] == "ip6tables-restore";
    const auto table = command.input.substr(1, command.input.find('\n') - 1);
    const bool removes = command.input.find("-X ") != std::string::npos;
    std::erase_if(chains_,
                  [&](const auto& each) { return removes && each == std::pair(ipv6, table); });
    if (!removes) chains_.emplace_back(ipv6, table);
    auto& saved = machine.filter.iptables;
    saved.clear();
    for (const bool family : {false, true}) {
      if (family && !chains_.empty()) saved += std::string(kIptablesSixMark);
      for (const auto& [is_v6, name] : chains_) {
        if (is_v6 == family) saved += "*" + name + "\n:IMDSD - [0:0]\nCOMMIT\n";
      }
    }
    return {};
  }

  Interface* find(const std::string& name) {
    for (auto& each : machine.interfaces) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }

  base::Result<void> address(const Command& command) {
    const auto& words = command.arguments;
    auto* interface = find(words[5]);
    const auto slash = words[3].find('/');
    const InterfaceAddress wanted{*base::IpAddress::parse(words[3].substr(0, slash)),
                                  static_cast<unsigned>(std::stoul(words[3].substr(slash + 1)))};
    const bool there = interface && std::count(interface->addresses.begin(),
                                               interface->addresses.end(), wanted) != 0;
    if (!interface || there == (words[2] == "add")) return refuse(command);
    std::erase(interface->addresses, wanted);
    if (words[2] == "add") interface->addresses.push_back(wanted);
    return {};
  }

  base::Result<void> link(const Command& command) {
    const auto& words = command.arguments;
    auto* interface = find(words[3]);
    if ((interface == nullptr) != (words[2] == "add")) return refuse(command);
    if (words[2] == "add") {
      machine.interfaces.push_back({.name = words[3]});
    } else if (words[2] == "set") {
      interface->up = true;
    } else {
      std::erase_if(machine.interfaces, [&](const auto& each) { return each.name == words[3]; });
    }
    return {};
  }

  std::vector<std::pair<bool, std::string>> chains_;
};

}  // namespace imdsd::reach
