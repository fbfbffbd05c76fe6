// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "imds/identity_signer.h"
#include "imds/instance_description.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// Every row of a complete description, those of its role included.
[[nodiscard]] std::vector<MetadataRow> metadata_rows(const InstanceDescription& description);

/// metadata_rows() of what complete() makes of it, with signatures of the identity document where
/// there is a signer, and with the overrides. Errc::invalid_argument names the override that does
/// not fit.
[[nodiscard]] base::Result<std::vector<MetadataRow>> described_rows(
    InstanceDescription description, std::shared_ptr<const IdentitySigner> signer);

/// described_rows() and MetadataTree::build() in one. Without a signer, the identity
/// document has no signatures beside it. Errc::invalid_argument names the
/// override that does not fit.
[[nodiscard]] base::Result<std::shared_ptr<const MetadataTree>> build_metadata_tree(
    InstanceDescription description, base::SystemTime now,
    std::shared_ptr<const IdentitySigner> signer = nullptr);

}  // namespace imdsd::imds
