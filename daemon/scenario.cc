// SPDX-License-Identifier: MIT
#include "daemon/scenario.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/duration.h"
#include "daemon/config_toml.h"
#include "daemon/config_values.h"

namespace imdsd::daemon {
namespace {

using Kind = ConfigNode::Kind;
using Problems = std::vector<ConfigProblem>;
template <class T>
using Read = tl::expected<T, ConfigProblem>;

tl::unexpected<ConfigProblem> problem(const ConfigNode& node, std::string key,
                                      std::string message) {
  return tl::unexpected(ConfigProblem{node.at, std::move(key), std::move(message)});
}

/// Where the field is, else where the table is.
tl::unexpected<ConfigProblem> problem_at(const ConfigNode& table, const std::string& key,
                                         std::string message) {
  const ConfigNode* node = table.find(key);
  return problem(node != nullptr ? *node : table, key, std::move(message));
}

Read<std::string> text_of(const ConfigNode& table, const std::string& key) {
  const ConfigNode* node = table.find(key);
  if (node == nullptr) return problem(table, key, "is required");
  if (node->kind == Kind::string) return node->string;
  return problem(*node, key, "must be a string (got " + std::string(describe(node->kind)) + ")");
}

Read<void> only(const ConfigNode& table, std::initializer_list<std::string_view> known) {
  for (const ConfigMember& member : table.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    return tl::unexpected(ConfigProblem{member.key_at, member.key, "is no field of this kind"});
  }
  return {};
}

Read<std::string> path_of(const ConfigNode& table) {
  IMDSD_TRY(const std::string text, text_of(table, "path"));
  auto path = metadata_path(text);
  if (!path) return problem_at(table, "path", path.error().message);
  return *std::move(path);
}

Read<LiveStep> read_set(const ConfigNode& table) {
  IMDSD_TRY_VOID(only(table, {"at", "kind", "path", "value", "absent"}));
  MetadataChange change;
  IMDSD_TRY(change.path, path_of(table));
  const ConfigNode* absent = table.find("absent");
  if (absent == nullptr) {
    IMDSD_TRY(change.value, text_of(table, "value"));
    return LiveStep(std::move(change));
  }
  if (absent->kind != Kind::boolean || !absent->boolean) {
    return problem(*absent, "absent", "must be true, or left out");
  }
  if (table.find("value") != nullptr) {
    return problem(*absent, "absent", "cannot be combined with a value");
  }
  return LiveStep(std::move(change));
}

Read<LiveStep> read_unset(const ConfigNode& table) {
  IMDSD_TRY_VOID(only(table, {"at", "kind", "path"}));
  IMDSD_TRY(auto path, path_of(table));
  return LiveStep(UnsetStep{std::move(path)});
}

Read<std::chrono::milliseconds> time_of(const ConfigNode& table) {
  // Sums of two such times are far from any overflow.
  constexpr std::chrono::days kLongest{3650};
  if (table.find("at") == nullptr) return std::chrono::milliseconds(0);
  IMDSD_TRY(const std::string text, text_of(table, "at"));
  const auto at = base::parse_duration(text);
  if (!at) return problem_at(table, "at", at.error().message);
  if (*at > kLongest) return problem_at(table, "at", "may be 3650d at most" + got(text));
  return *at;
}

Read<ScenarioStep> read_timed_step(const ConfigNode& table) {
  if (table.kind != Kind::table) {
    return problem(table, "event",
                   "must be a table (got " + std::string(describe(table.kind)) + ")");
  }
  ScenarioStep step;
  step.position = table.at;
  IMDSD_TRY(step.at, time_of(table));
  IMDSD_TRY(step.step, read_step(table));
  if (auto* order = std::get_if<imds::EventOrder>(&step.step)) {
    step.at += std::exchange(order->delay, std::chrono::milliseconds(0));
  }
  return step;
}

/// The tables of [[event]]; nothing else may be in the file.
Read<const ConfigNode*> tables_of(const ConfigNode& root) {
  for (const ConfigMember& member : root.members) {
    if (member.key == "event" && member.value.kind == Kind::array) continue;
    return tl::unexpected(ConfigProblem{
        member.key_at, member.key,
        member.key == "event" ? "must be written as [[event]]"
                              : "is not known here: a scenario consists of [[event]] tables"});
  }
  const ConfigNode* tables = root.find("event");
  if (tables == nullptr || tables->items.empty()) {
    return problem(root, "", "there is no [[event]] in it");
  }
  if (tables->items.size() > kMaxScenarioSteps) {
    return problem(*tables, "event",
                   "there are more than " + std::to_string(kMaxScenarioSteps) + " events");
  }
  return tables;
}

}  // namespace

tl::expected<LiveStep, ConfigProblem> read_step(const ConfigNode& table) {
  IMDSD_TRY(const std::string kind, text_of(table, "kind"));
  if (kind == "set") return read_set(table);
  if (kind == "unset") return read_unset(table);
  imds::EventFields fields;
  for (const ConfigMember& member : table.members) {
    if (member.key == "at") continue;
    IMDSD_TRY(fields[member.key], text_of(table, member.key));
  }
  auto order = imds::parse_event_order(fields);
  if (order) return LiveStep(*std::move(order));
  imds::EventFieldError& error = order.error();
  if (error.field == "kind") error.message += "; or `set` or `unset`";
  return problem_at(table, error.field, error.message);
}

tl::expected<Scenario, Problems> parse_scenario(std::string_view text, const std::string& name) {
  const auto root = parse_toml(text, name);
  if (!root) return tl::unexpected(Problems{root.error()});
  const auto tables = tables_of(*root);
  if (!tables) return tl::unexpected(Problems{tables.error()});
  Scenario scenario{name, {}};
  Problems problems;
  for (const ConfigNode& table : (*tables)->items) {
    auto step = read_timed_step(table);
    if (step) {
      scenario.steps.push_back(*std::move(step));
    } else {
      problems.push_back(std::move(step).error());
    }
  }
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  std::stable_sort(scenario.steps.begin(), scenario.steps.end(),
                   [](const ScenarioStep& a, const ScenarioStep& b) { return a.at < b.at; });
  return scenario;
}

}  // namespace imdsd::daemon
