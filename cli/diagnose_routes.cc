// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/url.h"
#include "cli/diagnosis.h"
#include "reach/packet_rules.h"
#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

using base::IpAddress;
using reach::Machine;
using reach::Route;

std::string addresses(const std::vector<base::SocketAddress>& list) {
  std::string out;
  for (const auto& each : list) out += (out.empty() ? "" : ", ") + each.to_string();
  return out;
}

/// What an answer says of who gave it.
ClientRoute judge_answer(const Situation& situation, ClientRoute route, const Answer& answer) {
  const auto& instances = situation.daemon.instances;
  if (!answer.instance_id) {
    route.detail = answer.error;
    return route;
  }
  route.works = std::any_of(instances.begin(), instances.end(), [&](const auto& instance) {
    return instance.id == *answer.instance_id;
  });
  route.detail = route.works ? "answers as " + *answer.instance_id
                             : "another instance answers, `" + *answer.instance_id + "`";
  return route;
}

/// Why nothing is behind port 80 of an address that is here.
std::string why_no_answer(const Situation& situation, const IpAddress& ip,
                          const std::string& error) {
  const auto& machine = situation.machine;
  const bool listener =
      std::any_of(machine.listeners.begin(), machine.listeners.end(), [&](const auto& each) {
        return each.address.port == reach::kWellKnownPort &&
               (each.address.ip == ip || each.address.ip.is_unspecified());
      });
  const bool redirect =
      std::any_of(situation.made.begin(), situation.made.end(), [](const auto& step) {
        return step.kind == reach::Step::Kind::nft_table ||
               step.kind == reach::Step::Kind::iptables_chain;
      });
  if (!listener && !redirect) {
    return "this machine has the address, and nothing listens on port 80: sudo imdsctl up";
  }
  for (const auto& step : situation.made) {
    for (const auto& way : step.rules.ways) {
      if (way.address != ip || !way.to) continue;
      const bool there =
          std::any_of(machine.listeners.begin(), machine.listeners.end(),
                      [&](const auto& each) { return each.address.port == way.to->port; });
      if (!there) {
        const auto& doors = situation.daemon.doors.imds;
        return "port 80 leads to " + way.to->to_string() + ", where nothing listens" +
               (doors.empty() ? "" : "; imdsd is at " + addresses(doors) + ": sudo imdsctl up");
      }
    }
  }
  return error;
}

/// Why an address leads nowhere near us.
std::string why_not_here(const Machine& machine, const IpAddress& ip) {
  if (const auto* owner = machine.owner_of(ip)) {
    return "`" + owner->name + "` has the address, not by imdsctl up; it was not connected to";
  }
  const auto* route = machine.route_to(ip);
  const bool own = route && route->kind == Route::Kind::unicast && route->prefix_length > 16;
  if (own) {
    return "a route leads there by `" + route->interface + "`" +
           (route->gateway ? " via " + route->gateway->to_string() : "") +
           ": somebody else's service; it was not connected to";
  }
  return "no interface of this machine has the address: sudo imdsctl up" +
         std::string(ip.is_v6() ? " --ipv6" : "");
}

ClientRoute judge_variable(const Situation& situation) {
  ClientRoute route{kEndpointVariable, false, "not set"};
  const auto set = base::find_variable(situation.client.environment, kEndpointVariable);
  if (!set) return route;
  const auto url = base::Url::parse(*set);
  if (!url) {
    route.detail = "is set to what is no URL";
    return route;
  }
  const auto ip = url->literal();
  if (!url->is_loopback() && !(ip && reach::is_ours(situation.machine, *ip))) {
    route.detail = "leads to an address that is not known to be ours; it was not connected to";
    return route;
  }
  const auto* answer = situation.answer_of(client_url(situation.client.environment));
  if (!answer) return route;
  route = judge_answer(situation, std::move(route), *answer);
  if (!answer->instance_id && situation.daemon.running) {
    route.detail += "; imdsd is at " + situation.daemon.metadata_endpoint;
  }
  return route;
}

ClientRoute judge_address(const Situation& situation, const IpAddress& ip, const char* url) {
  ClientRoute route{url, false, ""};
  if (!reach::is_ours(situation.machine, ip)) {
    route.detail = why_not_here(situation.machine, ip);
    return route;
  }
  const auto* answer = situation.answer_of(url);
  if (!answer) return route;
  route = judge_answer(situation, std::move(route), *answer);
  if (!answer->instance_id) route.detail = why_no_answer(situation, ip, answer->error);
  return route;
}

/// For one program at a time, and without root.
ClientRoute judge_namespaces(const Situation& situation) {
  const auto& obstacle = situation.machine.namespaces_obstacle;
  ClientRoute route{"imdsctl exec --netns -- CMD", false, obstacle};
  route.works = obstacle.empty() && situation.daemon.running;
  if (route.works) {
    route.detail = "CMD finds imdsd at 169.254.169.254, and nothing else";
  } else if (obstacle.empty()) {
    route.detail = "no imdsd answers";
  }
  return route;
}

}  // namespace

std::vector<ClientRoute> diagnose_routes(const Situation& situation) {
  return {judge_variable(situation),
          judge_address(situation, reach::imds_v4(), "http://169.254.169.254/"),
          judge_address(situation, reach::imds_v6(), "http://[fd00:ec2::254]/"),
          judge_namespaces(situation)};
}

}  // namespace imdsd::cli
