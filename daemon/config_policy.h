// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/config_iam.h"
#include "daemon/config_section.h"
#include "iam/policy_document.h"

namespace imdsd::daemon {

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
inline constexpr std::size_t kPolicyNameChars = 128;

/// What this kind of policies may not say, beside what none may: warnings, or an error.
using CheckPolicy =
    tl::expected<std::vector<iam::PolicyError>, iam::PolicyError> (*)(const iam::PolicyDocument&);

/// The policy of `key` or `key`_file, one of which must be there, with warnings about what it says.
/// Nothing, and a problem at its line, for one that is none.
[[nodiscard]] std::optional<iam::PolicyDocument> read_policy(const ConfigSection& section,
                                                             const std::string& key,
                                                             iam::PolicyKind kind,
                                                             const ConfigContext& context,
                                                             CheckPolicy check = nullptr);

/// The policies of the tables [[key]], each with a `name` of its own.
[[nodiscard]] std::vector<iam::NamedPolicy> read_policies(const ConfigSection& section,
                                                          const std::string& key,
                                                          iam::PolicyKind kind,
                                                          const ConfigContext& context,
                                                          CheckPolicy check = nullptr);

}  // namespace imdsd::daemon
