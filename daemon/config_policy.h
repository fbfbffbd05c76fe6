// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "daemon/config_iam.h"
#include "daemon/config_section.h"
#include "iam/policy_document.h"

namespace imdsd::daemon {

/// The policy of `key` or `key`_file, one of which must be there, with warnings about what it says.
/// Nothing, and a problem at its line, for one that is none.
[[nodiscard]] std::optional<iam::PolicyDocument> read_policy(const ConfigSection& section,
                                                             const std::string& key,
                                                             iam::PolicyKind kind,
                                                             const ConfigContext& context);

}  // namespace imdsd::daemon
