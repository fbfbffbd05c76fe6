// SPDX-License-Identifier: MIT
// `imdsctl sign-in`, `whoami`, `switch-role`, `switch-back` and `sign-out`: what their arguments
// mean and what is printed. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/command_line.h"

namespace imdsd::cli {

struct ConsoleCommand {
  std::string user;                // sign-in
  std::string account;             // sign-in, switch-role; empty: the default one, or the user's
  std::string mfa_code;            // sign-in; empty: asked for where it is needed
  bool password_stdin = false;     // sign-in
  std::string role, session_name;  // switch-role: a name with its path, or an ARN

  /// From the rest of the command line. Errc::invalid_argument.
  [[nodiscard]] static base::Result<ConsoleCommand> parse(const CommandLine& line);
  /// The body of POST /v1/console/switch-role.
  [[nodiscard]] std::string switch_role_body() const;
};

/// What whoami prints of the answer to GET /v1/console/session: lines for a person, or JSON.
/// Errc::corrupt for something else.
[[nodiscard]] base::Result<std::string> whoami_text(std::string_view body);
[[nodiscard]] base::Result<std::string> whoami_json(std::string_view body);

/// The document of a credential_process, from the answer to POST /v1/console/credentials.
[[nodiscard]] base::Result<std::string> console_process_credentials(std::string_view body);

}  // namespace imdsd::cli
