// SPDX-License-Identifier: MIT
#include "cli/exec_netns.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/url.h"
#include "cli/child_process.h"
#include "cli/exec.h"
#include "cli/lender.h"
#include "cli/network_namespace.h"
#include "cli/role_session.h"
#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

using base::Result;

constexpr const char* kMetadataEndpoint = "http://169.254.169.254/";

std::vector<NamespacePort> built_in_ports(OpenDoors doors) {
  std::vector<NamespacePort> out = {{"imds", {reach::imds_v4(), reach::kWellKnownPort}},
                                    {"imds", {reach::imds_v6(), reach::kWellKnownPort}}};
  if (doors.ecs) out.push_back({"ecs", {reach::ecs_v4(), reach::kWellKnownPort}});
  if (doors.eks) {
    out.push_back({"eks", {reach::eks_v4(), reach::kWellKnownPort}});
    out.push_back({"eks", {reach::eks_v6(), reach::kWellKnownPort}});
  }
  return out;
}

/// The endpoint as it is inside: on the namespace's own loopback, at the same port.
Result<base::SocketAddress> inside(const std::string& endpoint) {
  IMDSD_TRY(const auto url, base::Url::parse(endpoint));
  return base::SocketAddress{base::IpAddress::from_v4({127, 0, 0, 1}), url.port};
}

struct Prepared {
  Lender lender;
  NetworkNamespace made;
};

/// The connection first: the namespace has no other way to imdsd.
Result<Prepared> prepare(const DaemonEndpoints& daemon, const NamespacePlan& plan,
                         const std::string& instance) {
  IMDSD_TRY(auto lender, Lender::connect(daemon.lent_socket));
  std::vector<base::IpAddress> addresses;
  for (const auto& port : plan.ports) addresses.push_back(port.address.ip);
  IMDSD_TRY(auto made, enter_network_namespace(addresses));
  std::vector<Loan> loans;
  for (const auto& port : plan.ports) {
    const auto& missing = made.missing;
    if (std::find(missing.begin(), missing.end(), port.address.ip.to_string()) != missing.end()) {
      continue;
    }
    IMDSD_TRY(auto socket, open_listener(port.address));
    loans.push_back({port.service, std::move(socket)});
  }
  IMDSD_TRY_VOID(lender.lend(loans, instance));
  return Prepared{std::move(lender), std::move(made)};
}

/// The addresses of a service, each with a space behind it.
std::string addresses_of(const NamespacePlan& plan, std::string_view service) {
  std::string out;
  for (const auto& port : plan.ports) {
    if (port.service == service) out += port.address.ip.to_string() + " ";
  }
  return out;
}

void tell(const NamespacePlan& plan, const NetworkNamespace& made) {
  std::string served = "the metadata service at " + addresses_of(plan, "imds");
  for (const auto& [service, agent] : {std::pair("ecs", "ECS agent"), {"eks", "EKS agent"}}) {
    const std::string addresses = addresses_of(plan, service);
    if (!addresses.empty()) served += "and the " + std::string(agent) + " at " + addresses;
  }
  std::fprintf(stderr,
               "imdsctl: in a network namespace: %sand the AWS APIs at %s, "
               "nothing else.\nimdsctl: not reachable from there: the internet, DNS, and services "
               "on this machine's own 127.0.0.1%s.\n",
               served.c_str(), plan.aws_endpoint.c_str(),
               made.user_namespace ? "; sudo and other set-user-ID programs do not work" : "");
  for (const auto& address : made.missing) {
    std::fprintf(stderr, "imdsctl: this kernel gives no %s (is IPv6 off?)\n", address.c_str());
  }
}

}  // namespace

Result<NamespacePlan> plan_namespace(const DaemonEndpoints& daemon,
                                     const base::Environment& current, Audience audience,
                                     OpenDoors doors) {
  NamespacePlan plan;
  plan.ports = built_in_ports(doors);
  DaemonEndpoints seen = daemon;
  seen.metadata_endpoint = kMetadataEndpoint;
  seen.hosts = {"127.0.0.1"};
  for (const auto& port : plan.ports) seen.hosts.push_back(port.address.ip.to_string());
  IMDSD_TRY(const auto aws, inside(daemon.aws_endpoint));
  plan.ports.push_back({"aws", aws});
  seen.aws_endpoint = "http://" + aws.to_string();
  if (audience.tls) {
    IMDSD_TRY(const auto tls, inside(daemon.aws_tls_endpoint));
    plan.ports.push_back({"aws-tls", tls});
    seen.aws_tls_endpoint = "https://" + tls.to_string();
  }
  plan.aws_endpoint = audience.tls ? seen.aws_tls_endpoint : seen.aws_endpoint;
  plan.variables = client_environment(seen, current, audience);
  for (auto& variable : plan.variables) {
    // The address that clients have built in is the right one here.
    if (variable.name == "AWS_EC2_METADATA_SERVICE_ENDPOINT") variable.value.reset();
  }
  return plan;
}

int exec_in_namespace(const NamespaceWish& wish, const std::vector<std::string>& command,
                      const base::Environment& current) {
  const auto plan = plan_namespace(wish.daemon, current, wish.audience, wish.doors);
  const auto prepared = plan ? prepare(wish.daemon, *plan, wish.instance)
                             : Result<Prepared>(tl::unexpected(plan.error()));
  if (!prepared) {
    std::fprintf(stderr, "imdsctl: %s\n", prepared.error().message.c_str());
    return 1;
  }
  tell(*plan, prepared->made);
  const auto variables = wish.door.empty() ? with_session(plan->variables, wish.session)
                                           : through_door(plan->variables, wish.door);
  return run_child(command, child_environment(current, variables), prepared->lender.fd(), [] {
    std::fputs("imdsctl: imdsd has ended: nothing serves in this network namespace any more\n",
               stderr);
  });
}

}  // namespace imdsd::cli
