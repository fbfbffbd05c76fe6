// SPDX-License-Identifier: MIT
#include <algorithm>

#include "reach/cloud.h"
#include "reach/packet_rules.h"
#include "reach/plan.h"
#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

using base::IpAddress;

/// A route for an address that is no default route, nor one for all of 169.254.0.0/16 that
/// zeroconf has made (RFC 3927), was put there for it. fd00:ec2::/32 is EC2's own.
bool is_meant_for_it(const Route& route) {
  return route.prefix_length > (route.to.is_v6() ? 31U : 16U);
}

std::string cidr(const IpAddress& ip, unsigned bits) {
  return ip.to_string() + "/" + std::to_string(bits);
}

void judge_cloud(const Machine& machine, std::vector<Refusal>& out) {
  const auto cloud = detect_cloud(machine.dmi);
  if (!cloud) return;
  if (cloud->ec2) {
    out.push_back({"this machine is an EC2 instance (" + cloud->evidence +
                   "), and 169.254.169.254 is EC2's own service; use `eval \"$(imdsctl env)\"` "
                   "here, which leaves it alone"});
    return;
  }
  out.push_back({"this machine is of a cloud (" + cloud->name + ": " + cloud->evidence +
                     ") that has a metadata service at 169.254.169.254; its agents would get "
                     "imdsd's answers",
                 false});
}

void judge_tools(const Machine& machine, const Wish& wish, const std::vector<Way>& ways,
                 std::vector<Refusal>& out) {
  if (!machine.has_ip) out.push_back({"there is no `ip`: apt-get install iproute2"});
  const auto* lo = machine.find_interface("lo");
  if (!lo || !lo->up) out.push_back({"the loopback interface is down: ip link set lo up"});
  const bool redirects =
      std::any_of(ways.begin(), ways.end(), [](const auto& way) { return way.to.has_value(); });
  if (!machine.has_nft && !machine.has_iptables && redirects) {
    out.push_back(
        {"there is no `nft`, and no `iptables`: apt-get install nftables; or have imdsd "
         "listen on 169.254.169.254:80 itself, and say `--port80 direct`"});
  }
  if (wish.ipv6 && !machine.ipv6) {
    out.push_back(
        {"IPv6 is switched off here (sysctl net.ipv6.conf.all.disable_ipv6): leave out "
         "--ipv6"});
  }
}

void judge_bridge(const Machine& machine, const std::string& name, std::vector<Refusal>& out) {
  if (name.empty()) return;
  const auto* bridge = machine.find_interface(name);
  if (!bridge) {
    std::string there;
    for (const auto& each : machine.interfaces) {
      if (each.bridge) there += (there.empty() ? "; there are: " : ", ") + each.name;
    }
    out.push_back({"--bridge: there is no interface `" + name + "`" + there});
  } else if (!bridge->bridge) {
    out.push_back({"--bridge: `" + name +
                   "` is no bridge; other hosts could be behind it, and would get the role's "
                   "credentials"});
  } else if (!bridge->device_ports.empty()) {
    out.push_back({"--bridge: `" + name + "` has the port `" + bridge->device_ports[0] +
                   "`, a network device; the hosts behind it would get the role's credentials"});
  }
}

void judge_address(const Machine& machine, const IpAddress& ip, const std::vector<Step>& made,
                   std::vector<Refusal>& out) {
  const bool ours = std::any_of(made.begin(), made.end(), [&](const auto& step) {
    return step.kind == Step::Kind::address && step.address == ip;
  });
  if (ours) return;
  if (const auto* owner = machine.owner_of(ip)) {
    const auto found = std::find_if(owner->addresses.begin(), owner->addresses.end(),
                                    [&](const auto& each) { return each.ip == ip; });
    const auto text = cidr(ip, found->prefix_length);
    out.push_back({"`" + owner->name + "` has " + text +
                       " already, and not by `imdsctl up`: does another mock run? Take it away "
                       "with `ip address delete " +
                       text + " dev " + owner->name + "`",
                   false});
    return;
  }
  const auto* route = machine.route_to(ip);
  if (!route || route->kind != Route::Kind::unicast || !is_meant_for_it(*route)) return;
  out.push_back({"a route of this machine leads to " + ip.to_string() + " by `" + route->interface +
                     "`" + (route->gateway ? " via " + route->gateway->to_string() : "") +
                     ": a metadata service is there already (`ip route get fibmatch " +
                     ip.to_string() + "`)",
                 false});
}

void judge_others(const Machine& machine, const Way& way, const Doors& doors,
                  std::vector<Refusal>& out) {
  for (const auto& listener : machine.listeners) {
    if (listener.address.port != kWellKnownPort || listener.address.ip != way.address) continue;
    const auto is_it = [&](const auto& each) { return each == listener.address; };
    const bool imdsd = std::any_of(doors.imds.begin(), doors.imds.end(), is_it) ||
                       std::any_of(doors.ecs.begin(), doors.ecs.end(), is_it) ||
                       std::any_of(doors.eks.begin(), doors.eks.end(), is_it);
    if (imdsd) continue;
    out.push_back({(listener.program.empty() ? "another program" : "`" + listener.program + "`") +
                   " listens on " + listener.address.to_string() + ": stop it first"});
  }
  for (const auto& rule : foreign_rules(machine.filter, way.address, {"dnat", "redirect"})) {
    out.push_back(
        {"another redirect of " + way.address.to_string() + " is in force: `" + rule + "`", false});
  }
}

}  // namespace

std::vector<Refusal> refusals(const Machine& machine, const Wish& wish, const Doors& doors,
                              const std::vector<Way>& ways, const std::vector<Step>& made) {
  std::vector<Refusal> out;
  judge_cloud(machine, out);
  judge_tools(machine, wish, ways, out);
  judge_bridge(machine, wish.bridge, out);
  for (const auto& way : ways) {
    judge_address(machine, way.address, made, out);
    judge_others(machine, way, doors, out);
  }
  return out;
}

}  // namespace imdsd::reach
