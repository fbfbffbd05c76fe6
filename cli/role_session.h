// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/client_environment.h"

namespace imdsd::cli {

/// The variables of a session, from the answer to GET /v1/credential-process. Errc::corrupt for
/// something else.
[[nodiscard]] base::Result<std::vector<Variable>> session_variables(std::string_view body);

/// `environment` with `session` in it: what it said of the same variables goes.
[[nodiscard]] std::vector<Variable> with_session(std::vector<Variable> environment,
                                                 const std::vector<Variable>& session);

}  // namespace imdsd::cli
