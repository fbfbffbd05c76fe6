// SPDX-License-Identifier: MIT
// Any text is a scenario whose steps are in order, or a list of problems, each with its place.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/scenario.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto scenario = imdsd::daemon::parse_scenario(text, "s.toml");
  if (!scenario) {
    if (scenario.error().empty()) std::abort();
    for (const auto& problem : scenario.error()) {
      if (problem.at.line == 0 || problem.message.empty()) std::abort();
    }
    return 0;
  }
  for (std::size_t i = 1; i < scenario->steps.size(); ++i) {
    if (scenario->steps[i].at < scenario->steps[i - 1].at) std::abort();
  }
  return 0;
}
