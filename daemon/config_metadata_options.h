// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config_section.h"
#include "imds/snapshot.h"

namespace imdsd::daemon {

/// What EC2 calls an instance's metadata options, of [imds] or of an [[instance]], into `out`; what
/// the section does not name stays.
void read_metadata_options(const ConfigSection& section, imds::MetadataOptions& out);

}  // namespace imdsd::daemon
