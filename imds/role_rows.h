// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// The rows of meta-data/iam/, computed from the snapshot's RoleDocuments, and of the credentials
/// below identity-credentials/, from its InstanceIdentityRole: absent without them.
[[nodiscard]] std::vector<MetadataRow> role_rows();

}  // namespace imdsd::imds
