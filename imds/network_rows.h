// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "imds/instance_description.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// The rows of meta-data/network/interfaces/macs/, of a complete description.
void add_network_rows(const InstanceDescription& description, std::vector<MetadataRow>& rows);

}  // namespace imdsd::imds
