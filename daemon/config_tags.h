// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "daemon/config_section.h"
#include "iam/entities.h"

namespace imdsd::daemon {

/// `tags` of an entity of IAM; with problems where they are none that IAM would take.
[[nodiscard]] std::vector<iam::Tag> read_iam_tags(const ConfigSection& entity);

}  // namespace imdsd::daemon
