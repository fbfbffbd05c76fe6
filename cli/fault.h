// SPDX-License-Identifier: MIT
// `imdsctl fault`: its own arguments, what it asks the daemon, and the answers for a person.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::cli {

struct FaultCommand {
  enum class Verb { add, list, clear, scenario, scenarios } verb = Verb::list;
  std::string which;  // clear: an id or a scenario; empty: all
  std::string form;   // add, scenario: the rule's fields, as POST /v1/faults takes them
};

/// `arguments` behind `fault`, without the flags of every command. The flag `--user-agent X` is the
/// field `user_agent`; which fields there are is for the daemon to say. Errc::invalid_argument.
[[nodiscard]] base::Result<FaultCommand> parse_fault_command(
    const std::vector<std::string>& arguments);

/// What the daemon warns of in its answer to a rule; empty: of nothing.
[[nodiscard]] std::string fault_warning(std::string_view body);

/// The daemon's JSON as text. Errc::corrupt for what is not understood.
[[nodiscard]] base::Result<std::string> faults_text(std::string_view body, FaultCommand::Verb verb);

}  // namespace imdsd::cli
