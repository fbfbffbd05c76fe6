// SPDX-License-Identifier: MIT
// A file of events that happen one after the other: `imdsctl event play`. docs/events.md tells its
// form.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/config_node.h"
#include "daemon/live_metadata.h"

namespace imdsd::daemon {

struct ScenarioStep {
  std::chrono::milliseconds at{0};  // from the beginning
  LiveStep step;
  ConfigPosition position;
};

struct Scenario {
  std::string name;                 // of the file
  std::vector<ScenarioStep> steps;  // by time; of one time in the order of the file
};

inline constexpr std::size_t kMaxScenarioSteps = 1000;

/// TOML. Everything that is wrong is told, each with its place.
[[nodiscard]] tl::expected<Scenario, std::vector<ConfigProblem>> parse_scenario(
    std::string_view text, const std::string& name);

/// One of its tables, or of [[instance.event]]: the fields of imds::parse_event_order(), or `kind`
/// "set" with `path` and `value` or `absent = true`, or "unset" with `path`.
[[nodiscard]] tl::expected<LiveStep, ConfigProblem> read_step(const ConfigNode& table);

}  // namespace imdsd::daemon
