// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "base/result.h"
#include "imds/instance_description.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// Gives rows other values, adds rows and takes some away. Only the named row changes: nothing is
/// derived from it. Errc::invalid_argument for a path that no row can have, and for those that show
/// what the role or a list says.
[[nodiscard]] base::Result<void> apply_overrides(const std::vector<MetadataOverride>& overrides,
                                                 std::vector<MetadataRow>& rows);

}  // namespace imdsd::imds
