// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace imdsd::reach {

/// Something that is done to the machine: a program with fixed arguments, never a shell; or a value
/// that is written into a file of /proc/sys.
struct Command {
  std::vector<std::string> arguments;
  std::string input;  // the program's standard input, or what is written
  std::string file;   // to be written; empty: `arguments` is run
  friend bool operator==(const Command&, const Command&) = default;
};

/// As somebody would type it.
[[nodiscard]] std::string to_text(const Command& command);

struct CommandOutput {
  int status = 0;    // exit status; 128 and the signal's number for one that was killed
  std::string text;  // standard output and error, together
};

struct CommandLimits {
  std::chrono::milliseconds time{20000};  // longer: it is killed, with all that it started
  std::size_t bytes = 4096;               // what is beyond is read and dropped
};

/// Runs a program of PATH, else of /usr/sbin or /sbin, in a process group of its own and with no
/// signal blocked. Errc::not_found: there is no such program; ::unavailable: it took too long or
/// could not be started. `keep_open` is a descriptor that it inherits, or -1: so a lock lives as
/// long as the program.
[[nodiscard]] base::Result<CommandOutput> run_command(const Command& command, CommandLimits limits,
                                                      int keep_open = -1);

}  // namespace imdsd::reach
