// SPDX-License-Identifier: MIT
#include "reach/look.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <net/if.h>
#include <unistd.h>

#include "base/codec.h"
#include "reach/command.h"
#include "reach/look_network.h"
#include "reach/packet_rules.h"
#include "reach/socket_table.h"
#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 1u << 20;
constexpr std::size_t kMaxRules = 16u << 20;  // of a packet filter

/// Names in a folder; none when it cannot be read.
std::vector<std::string> entries(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    out.push_back(it->path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string line_of(const std::string& path) {
  const auto text = read_file(path).value_or("");
  return std::string(base::trim(text.substr(0, text.find('\n'))));
}

bool has_net_admin() {
  const auto status = read_file("/proc/self/status").value_or("");
  constexpr std::string_view kName = "CapEff:\t";
  const auto at = status.find(kName);
  if (at == std::string::npos) return false;
  std::uint64_t bits = 0;
  std::from_chars(status.data() + at + kName.size(), status.data() + status.size(), bits, 16);
  return (bits >> CAP_NET_ADMIN & 1U) != 0;
}

void look_at_bridges(Machine& machine) {
  for (auto& interface : machine.interfaces) {
    const auto folder = "/sys/class/net/" + interface.name;
    interface.bridge = exists(folder + "/bridge");
    if (!interface.bridge) continue;
    for (const auto& port : entries(folder + "/brif")) {
      if (exists("/sys/class/net/" + port + "/device")) interface.device_ports.push_back(port);
    }
  }
}

/// "name (process 123)" of the process that has a socket open, by the inodes of /proc/PID/fd.
std::string program_of(std::uint64_t inode) {
  const std::string wanted = "socket:[" + std::to_string(inode) + "]";
  for (const auto& pid : entries("/proc")) {
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    for (const auto& fd : entries("/proc/" + pid + "/fd")) {
      std::error_code error;
      if (fs::read_symlink("/proc/" + pid + "/fd/" + fd, error) == wanted) {
        return line_of("/proc/" + pid + "/comm") + " (process " + pid + ")";
      }
    }
  }
  return {};
}

void look_at_listeners(Machine& machine) {
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    for (const auto& socket : parse_socket_table(read_file(path).value_or(""))) {
      Listener listener{socket.address, {}};
      if (socket.address.port == kWellKnownPort) listener.program = program_of(socket.inode);
      machine.listeners.push_back(std::move(listener));
    }
  }
}

/// user_namespaces(7), and the switches of Debian and Ubuntu.
std::string namespaces_obstacle() {
  struct Switch {
    const char *name, *closed;
    bool for_root;
  };
  constexpr Switch kSwitches[] = {{"user/max_net_namespaces", "0", true},
                                  {"user/max_user_namespaces", "0", false},
                                  {"kernel/unprivileged_userns_clone", "0", false},
                                  {"kernel/apparmor_restrict_unprivileged_userns", "1", false}};
  for (const auto& each : kSwitches) {
    if (::geteuid() == 0 && !each.for_root) continue;
    if (line_of(std::string("/proc/sys/") + each.name) != each.closed) continue;
    std::string name = each.name;
    std::replace(name.begin(), name.end(), '/', '.');
    return "sysctl " + name + " is " + each.closed;
  }
  return {};
}

bool has_program(const char* name) {
  const auto output = run_command({{name, "--version"}, "", ""}, {});
  return output && output->status == 0;
}

std::optional<std::string> rules_of(std::vector<std::string> arguments) {
  auto output = run_command({std::move(arguments), "", ""}, {.bytes = kMaxRules});
  if (!output || output->status != 0) return std::nullopt;
  return std::move(output->text);
}

void look_at_filter(Machine& machine) {
  machine.has_ip = rules_of({"ip", "-V"}).has_value();
  machine.has_nft = has_program("nft");
  machine.has_iptables = has_program("iptables-restore");
  if (!machine.net_admin) return;
  if (machine.has_nft) {
    if (auto rules = rules_of({"nft", "list", "ruleset"})) {
      machine.filter.nft = *std::move(rules);
      machine.filter.readable = true;
    } else {
      machine.has_nft = false;  // a kernel without nftables
    }
  }
  if (machine.has_nft || !machine.has_iptables) return;
  if (auto rules = rules_of({"iptables-save"})) {
    machine.filter.iptables = *std::move(rules);
    machine.filter.readable = true;
    machine.filter.iptables += std::string(kIptablesSixMark);
    machine.filter.iptables += rules_of({"ip6tables-save"}).value_or("");
  }
}

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string out;
  std::array<char, 4096> piece;
  while (out.size() < kMaxFile && (file.read(piece.data(), piece.size()) || file.gcount() > 0)) {
    out.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  return out;
}

Dmi read_dmi(const std::string& root) {
  const auto id = [&](const char* name) { return line_of(root + "/sys/class/dmi/id/" + name); };
  return {.sys_vendor = id("sys_vendor"),
          .product_name = id("product_name"),
          .product_uuid = id("product_uuid"),
          .board_asset_tag = id("board_asset_tag"),
          .chassis_asset_tag = id("chassis_asset_tag"),
          .bios_version = id("bios_version"),
          .hypervisor_uuid = line_of(root + "/sys/hypervisor/uuid")};
}

Machine look_at_machine() {
  Machine machine;
  machine.net_admin = has_net_admin();
  machine.interfaces = look_at_interfaces();
  machine.routes = look_at_routes({imds_v4(), imds_v6(), ecs_v4(), eks_v4(), eks_v6()});
  look_at_bridges(machine);
  look_at_listeners(machine);
  machine.dmi = read_dmi("");
  look_at_filter(machine);
  machine.ipv6 = line_of("/proc/sys/net/ipv6/conf/lo/disable_ipv6") == "0";
  machine.namespaces_obstacle = namespaces_obstacle();
  machine.container = exists("/.dockerenv") || exists("/run/.containerenv");
  for (const auto& interface : machine.interfaces) {
    if (line_of("/proc/sys/net/ipv4/conf/" + interface.name + "/route_localnet") == "1") {
      machine.localnet_interfaces.push_back(interface.name);
    }
  }
  return machine;
}

}  // namespace imdsd::reach
