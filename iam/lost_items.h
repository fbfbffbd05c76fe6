// SPDX-License-Identifier: MIT
// What ends with an entity that the API had something to do with, in the words of the log.
#pragma once

#include <string>
#include <vector>

#include "iam/directory.h"

namespace imdsd::iam {

/// What the API gave it, and gave others by it: "access key AKIA…", "boundary of user `dev`".
/// `directory` has it still.
[[nodiscard]] std::vector<std::string> lost_items(const User& user, const Directory& directory);
[[nodiscard]] std::vector<std::string> lost_items(const Group& group, const Directory& directory);
[[nodiscard]] std::vector<std::string> lost_items(const Role& role, const Directory& directory);
[[nodiscard]] std::vector<std::string> lost_items(const ManagedPolicy& policy,
                                                  const Directory& directory);
[[nodiscard]] std::vector<std::string> lost_items(const InstanceProfile& profile,
                                                  const Directory& directory);
[[nodiscard]] std::vector<std::string> lost_items(const OidcProvider& provider,
                                                  const Directory& directory);

}  // namespace imdsd::iam
