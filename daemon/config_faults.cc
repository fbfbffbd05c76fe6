// SPDX-License-Identifier: MIT
#include "daemon/config_faults.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "imds/fault.h"
#include "imds/fault_scenarios.h"
#include "imds/metadata_names.h"

namespace imdsd::daemon {
namespace {

constexpr std::string_view kScenario = "scenario";

/// As `imdsctl fault add` would have it; nothing for a switch that is off.
std::optional<std::string> text_of(const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::integer:
      return std::to_string(node.integer);
    case ConfigNode::Kind::boolean:
      return node.boolean ? std::optional<std::string>("true") : std::nullopt;
    default:
      return node.string;
  }
}

/// "status: must be …" is a problem of `status`; what names no field, one of the table.
void add_problem(const ConfigSection& table, const std::string& message) {
  const std::size_t colon = message.find(": ");
  const std::string_view name = std::string_view(message).substr(0, colon);
  const auto names = imds::fault_field_names();
  if (colon != std::string::npos && std::find(names.begin(), names.end(), name) != names.end()) {
    table.add_problem(name, message.substr(colon + 2));
  } else {
    table.add_problem(table.has(kScenario) ? kScenario : "", message);
  }
}

/// A rule whose path is misspelt is taken and never strikes.
void warn_of_names(const ConfigSection& table, const imds::FaultRule& rule,
                   const std::vector<imds::MetadataOverride>& overrides,
                   const ConfigContext& context) {
  const ConfigNode* node = table.find("path");
  if (node == nullptr || rule.match.door != imds::FaultDoor::imds) return;
  const auto unknown = imds::find_unknown_name(rule.match.path.text());
  if (!unknown) return;
  const bool is_set = std::any_of(overrides.begin(), overrides.end(), [&](const auto& each) {
    return ("meta-data/" + each.path + "/").starts_with(unknown->path + "/");
  });
  if (!is_set) context.warnings.push_back({node->at, table.path_of("path"), unknown->message});
}

}  // namespace

std::vector<imds::FaultRule> read_faults(const ConfigSection& instance,
                                         const std::vector<imds::MetadataOverride>& overrides,
                                         const ConfigContext& context) {
  std::vector<imds::FaultRule> rules;
  for (const ConfigSection& table : instance.sections("fault")) {
    if (rules.size() == imds::FaultSet::kMaxRules) {
      table.add_problem("", "an instance has at most " + std::to_string(rules.size()) + " rules");
      break;
    }
    imds::FaultFields fields;
    for (const std::string_view name : imds::fault_field_names()) {
      const ConfigNode* node = table.find(name);
      if (node == nullptr) continue;
      if (auto text = text_of(*node)) fields.emplace_back(name, *std::move(text));
    }
    const ConfigNode* scenario = table.find(kScenario);
    auto rule = scenario == nullptr ? imds::FaultRule::parse(std::move(fields))
                                    : imds::scenario_rule(scenario->string, fields);
    if (rule) {
      warn_of_names(table, *rule, overrides, context);
      rules.push_back(*std::move(rule));
    } else {
      add_problem(table, rule.error().message);
    }
  }
  return rules;
}

}  // namespace imdsd::daemon
