// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/mock_settings.h"

namespace imdsd::daemon {

/// What a daemon is started with to be the mock of these settings.
struct MockPlan {
  std::string config;     // TOML
  std::string user_data;  // the bytes of FOLDER/user-data, which the configuration names
  std::string scenario;   // TOML: what happens, and when; empty: nothing
  /// How many client addresses see events; none: all.
  std::optional<std::size_t> audience;
  std::vector<std::string> warnings;
  /// Which value a key of the configuration was made of: "instance.0.mac" of "mac".
  std::map<std::string, std::string> made_of;
};

/// State, socket and user data are in `folder`. Values among `as_they_are` do not fit where others
/// follow from them: only their own path shows them. Errc::invalid_argument names the setting.
[[nodiscard]] base::Result<MockPlan> make_mock_plan(const MockSettings& settings,
                                                    const std::string& folder,
                                                    base::SystemTime start,
                                                    const std::set<std::string>& as_they_are = {});

/// What happens to the instance in such a mock: the scenario of a plan.
[[nodiscard]] std::string mock_scenario(const MockSettings& settings, base::SystemTime start);

/// A TOML basic string (https://toml.io/en/v1.0.0#string).
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace imdsd::daemon
