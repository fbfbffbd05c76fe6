// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "iam/policy_document.h"

namespace imdsd::iam {

/// The condition keys that a policy looks at, in Condition elements and as policy variables: as it
/// writes them, each once (without case), in order of appearance.
[[nodiscard]] std::vector<std::string> context_keys(const PolicyDocument& document);

}  // namespace imdsd::iam
