// SPDX-License-Identifier: MIT
// Who `imdsctl sign-in` has signed in, from one command to the next: the session's token in a file
// that its user alone can read. Never a password.
#pragma once

#include <string>

#include "base/environment.h"
#include "base/result.h"
#include "base/secret.h"
#include "cli/command_line.h"

namespace imdsd::cli {

struct ConsoleSession {
  std::string socket;  // of the daemon that has the session
  base::Secret token;

  /// imdsctl/session in $XDG_STATE_HOME, else in ~/.local/state. Errc::invalid_argument without
  /// either.
  [[nodiscard]] static base::Result<std::string> path(const base::Environment& environment);
  /// Errc::not_found says how to sign in.
  [[nodiscard]] static base::Result<ConsoleSession> load(const std::string& path);
  /// 0600, and its folder 0700. Replaces another one as a whole.
  [[nodiscard]] base::Result<void> store(const std::string& path) const;
};

/// Runs one of the console's commands; the exit code.
[[nodiscard]] int run_console_command(const CommandLine& line,
                                      const base::Environment& environment);

/// The answer to POST /v1/console/credentials: of whom is signed in, in its role.
[[nodiscard]] base::Result<std::string> ask_console_credentials(
    const CommandLine& line, const base::Environment& environment);

}  // namespace imdsd::cli
