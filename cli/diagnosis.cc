// SPDX-License-Identifier: MIT
#include "cli/diagnosis.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/codec.h"

namespace imdsd::cli {
namespace {

using Json = nlohmann::ordered_json;
using Level = Finding::Level;

/// With lines behind the first under it.
std::string indented(const std::string& text, const std::string& margin) {
  std::string out = margin;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += margin;
  }
  return out + "\n";
}

void add_behind(std::string& text, const std::string& command, const std::string& flag) {
  for (std::size_t at = 0; (at = text.find(command, at)) != std::string::npos;) {
    at += command.size();
    text.insert(at, flag);
    at += flag.size();
  }
}

/// The shell's clients ask one URL: whether another works is no help to them.
void judge_the_way_of_clients(const Situation& situation, const Diagnosis& diagnosis,
                              std::vector<Finding>& out) {
  if (!situation.daemon.running) return;
  const auto url = client_url(situation.client.environment);
  const bool by_variable =
      base::find_variable(situation.client.environment, kEndpointVariable).has_value();
  for (const auto& route : diagnosis.routes) {
    if (route.name != (by_variable ? kEndpointVariable : url) || route.works) continue;
    out.push_back(
        {Level::problem, "no-way",
         "AWS clients of this shell ask " + (by_variable ? route.name : url) +
             ", which does not work: " + route.detail,
         "eval \"$(imdsctl env)\"   # or, for everything on this machine: sudo imdsctl up"});
  }
}

}  // namespace

bool Diagnosis::healthy() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const auto& finding) { return finding.level == Level::problem; });
}

std::string client_url(const base::Environment& environment) {
  if (const auto set = base::find_variable(environment, kEndpointVariable)) {
    return set->ends_with('/') ? *set : *set + "/";
  }
  const auto mode = base::find_variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
  return mode && base::equals_ignoring_case(*mode, "ipv6") ? "http://[fd00:ec2::254]/"
                                                           : "http://169.254.169.254/";
}

Diagnosis diagnose(const Situation& situation) {
  Diagnosis out;
  out.routes = diagnose_routes(situation);
  diagnose_daemon(situation, out.findings);
  judge_the_way_of_clients(situation, out, out.findings);
  diagnose_machine(situation, out.routes, out.findings);
  diagnose_client(situation, out.findings);
  std::stable_sort(out.findings.begin(), out.findings.end(),
                   [](const auto& a, const auto& b) { return a.level < b.level; });
  return out;
}

void name_instance(Diagnosis& diagnosis, const std::string& instance) {
  if (instance.empty()) return;
  const auto flag = " --instance " + instance;
  constexpr const char* kUp = "sudo imdsctl up";
  for (auto& route : diagnosis.routes) add_behind(route.detail, kUp, flag);
  for (auto& finding : diagnosis.findings) {
    add_behind(finding.text, kUp, flag);
    add_behind(finding.remedy, kUp, flag);
    add_behind(finding.remedy, "imdsctl env", flag);
  }
}

std::string diagnosis_text(const Situation& situation, const Diagnosis& diagnosis) {
  std::string out;
  if (situation.daemon.running) {
    out = "imdsd " + situation.daemon.version + " runs, at " + situation.daemon.metadata_endpoint +
          "\n";
  }
  out += "routes from here:\n";
  std::size_t width = 0;
  for (const auto& route : diagnosis.routes) width = std::max(width, route.name.size());
  for (const auto& route : diagnosis.routes) {
    out += "  " + route.name + std::string(width - route.name.size() + 2, ' ') +
           (route.works ? "yes  " : "no   ") + route.detail + "\n";
  }
  for (const auto level : {Level::problem, Level::note}) {
    bool first = true;
    for (const auto& finding : diagnosis.findings) {
      if (finding.level != level) continue;
      if (first) out += level == Level::problem ? "problems:\n" : "to know:\n";
      first = false;
      out += indented(finding.text, "  ");
      if (!finding.remedy.empty()) out += indented(finding.remedy, "      ");
    }
  }
  return out + (diagnosis.healthy()
                    ? "AWS clients of this shell get their credentials from imdsd.\n"
                    : "AWS clients of this shell do not get their credentials from imdsd.\n");
}

std::string diagnosis_json(const Situation& situation, const Diagnosis& diagnosis) {
  Json routes = Json::array();
  for (const auto& route : diagnosis.routes) {
    routes.push_back({{"name", route.name}, {"works", route.works}, {"detail", route.detail}});
  }
  Json findings = Json::array();
  for (const auto& finding : diagnosis.findings) {
    findings.push_back({{"level", finding.level == Level::problem ? "problem" : "note"},
                        {"id", finding.id},
                        {"text", finding.text},
                        {"remedy", finding.remedy}});
  }
  const Json json = {{"healthy", diagnosis.healthy()},
                     {"daemon", situation.daemon.running},
                     {"client_url", client_url(situation.client.environment)},
                     {"routes", routes},
                     {"findings", findings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imdsd::cli
