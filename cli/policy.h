// SPDX-License-Identifier: MIT
// `imdsctl policy`: its own arguments, what it asks the daemon, and the answer for a person.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace imdsd::cli {

/// What `policy generate --from-audit PRINCIPAL [--denied] [--exact]` asks: the target of a GET.
/// `arguments` stand behind `policy`, without the flags of every command. Errc::invalid_argument.
[[nodiscard]] base::Result<std::string> policy_target(const std::vector<std::string>& arguments);

struct PolicyText {
  std::string document;  // the policy itself, to be written to a file as it is
  std::string notes;     // for standard error, a line each
};

/// Of the daemon's JSON. Errc::corrupt for what is not understood.
[[nodiscard]] base::Result<PolicyText> policy_text(std::string_view body);

}  // namespace imdsd::cli
