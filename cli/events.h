// SPDX-License-Identifier: MIT
// `imdsctl event`, `set` and `unset`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/command_line.h"

namespace imdsd::cli {

/// What the daemon is to be asked.
struct EventCall {
  std::string method, target, body;
};

/// Reads the file of `event play`. Errc::invalid_argument for words and flags that make no sense
/// together, ::not_found for a file that cannot be read.
[[nodiscard]] base::Result<EventCall> event_call(const CommandLine& line);

/// The JSON of GET /v1/events as a few lines for a person.
[[nodiscard]] base::Result<std::string> events_text(std::string_view body);

}  // namespace imdsd::cli
