// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "base/result.h"
#include "imds/instance_description.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// Gives a row another value, adds one or takes one away. Only the named row changes: nothing is
/// derived from it. Errc::invalid_argument for a path that no row can have, and for those that show
/// what the role or the public keys say, Errc::not_found for one to take away that is absent
/// already; `rows` are as they were then.
[[nodiscard]] base::Result<void> apply_override(const MetadataOverride& change,
                                                std::vector<MetadataRow>& rows);

}  // namespace imdsd::imds
