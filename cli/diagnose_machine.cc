// SPDX-License-Identifier: MIT
#include <algorithm>

#include "cli/diagnosis.h"
#include "reach/cloud.h"
#include "reach/packet_rules.h"
#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

using Level = Finding::Level;

void judge_interrupted_up(const Situation& situation, std::vector<Finding>& out) {
  for (const auto& step : situation.made) {
    const bool rules =
        step.kind == reach::Step::Kind::nft_table || step.kind == reach::Step::Kind::iptables_chain;
    if (rules && !situation.machine.filter.readable) continue;  // a step that cannot be seen
    if (reach::is_in_place(step, situation.machine)) continue;
    const auto command = reach::to_text(reach::do_command(step));
    out.push_back({Level::problem, "up-incomplete",
                   "an `imdsctl up` was interrupted, or somebody has taken back a part of it: `" +
                       command.substr(0, command.find(" <<")) + "`",
                   "sudo imdsctl up   # or: sudo imdsctl down"});
    return;
  }
}

void judge_filter(const Situation& situation, const std::vector<ClientRoute>& routes,
                  std::vector<Finding>& out) {
  const auto url = client_url(situation.client.environment);
  for (const auto& ip : {reach::imds_v4(), reach::imds_v6()}) {
    const auto name = "http://" + (ip.is_v6() ? "[" + ip.to_string() + "]" : ip.to_string()) + "/";
    const bool works = std::any_of(routes.begin(), routes.end(), [&](const auto& route) {
      return route.name == name && route.works;
    });
    const bool unseen = !situation.machine.filter.readable && reach::is_ours(situation.machine, ip);
    if (!works && url == name && unseen) {
      out.push_back({Level::note, "filter-unseen",
                     "whether a packet filter stands in the way, only root can see",
                     "sudo imdsctl doctor"});
    }
    for (const auto& rule :
         reach::foreign_rules(situation.machine.filter, ip, {"drop", "reject"})) {
      out.push_back({!works && url == name ? Level::problem : Level::note, "firewall",
                     "a packet filter drops what goes to " + ip.to_string() + ": `" + rule + "`",
                     "take the rule away, or use eval \"$(imdsctl env)\""});
    }
  }
}

/// True for the instance that this shell's clients get to; when nothing answers, for all of them.
bool concerns(const Situation& situation, const std::string& id) {
  const auto& answers = situation.answers;
  const auto answered = [](const auto& answer) { return answer.instance_id.has_value(); };
  const bool any = std::any_of(answers.begin(), answers.end(), answered);
  return !any || std::any_of(answers.begin(), answers.end(),
                             [&](const auto& answer) { return answer.instance_id == id; });
}

}  // namespace

void diagnose_daemon(const Situation& situation, std::vector<Finding>& out) {
  const auto& daemon = situation.daemon;
  if (!daemon.running) {
    out.push_back({Level::problem, "no-daemon", daemon.error, ""});
    return;
  }
  if (!daemon.http_endpoint) {
    out.push_back({Level::problem, "imds-disabled",
                   "the metadata service is switched off: imds.http_endpoint is `disabled`",
                   "set imds.http_endpoint = \"enabled\", and reload imdsd"});
  }
  for (const auto& instance : daemon.instances) {
    if (!concerns(situation, instance.id)) continue;
    if (instance.state == "failed" || instance.state == "expired") {
      out.push_back({Level::problem, "no-credentials",
                     instance.id + " has no valid credentials (" + instance.state + ")" +
                         (instance.error.empty() ? "" : ": " + instance.error),
                     "imdsctl status"});
    } else if (instance.role.empty()) {
      out.push_back({Level::note, "no-role",
                     instance.id + " has no role, and so no credentials to give",
                     "name one in instance.profile"});
    }
  }
  if (daemon.tokens_required) {
    out.push_back({Level::note, "tokens-required",
                   "clients that know IMDSv1 alone are refused: imds.http_tokens is `required`",
                   ""});
  }
  if (daemon.hop_limit == 1) {
    out.push_back({Level::note, "hop-limit",
                   "a hop limit of 1 keeps IMDSv2 tokens from clients behind a router; containers "
                   "on a bridge of this machine (imdsctl up --bridge) are not behind one",
                   "imds.hop_limit = 2"});
  }
}

void diagnose_machine(const Situation& situation, const std::vector<ClientRoute>& routes,
                      std::vector<Finding>& out) {
  judge_interrupted_up(situation, out);
  judge_filter(situation, routes, out);
  const auto& machine = situation.machine;
  if (const auto cloud = reach::detect_cloud(machine.dmi)) {
    out.push_back({Level::note, "cloud",
                   "this machine is of " + cloud->name + " (" + cloud->evidence +
                       "), whose own service 169.254.169.254 leads to",
                   "eval \"$(imdsctl env)\""});
  }
  if (machine.container && !machine.owner_of(reach::imds_v4())) {
    out.push_back({Level::note, "container",
                   "this is a container: 169.254.169.254 is that of its network, not the host's",
                   "on the host: sudo imdsctl up --bridge docker0; or share imdsd's network "
                   "namespace"});
  }
}

}  // namespace imdsd::cli
