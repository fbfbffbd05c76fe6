// SPDX-License-Identifier: MIT
// What file and API share in one entity, in the words of the log: "policy `x`", "access key AKIA…".
#pragma once

#include <string>
#include <vector>

#include "iam/directory.h"

namespace imdsd::iam {

/// What an entity was given by one of the two. `directory` knows the groups. Of other kinds these
/// are tags alone.
[[nodiscard]] std::vector<std::string> given_items(const Entity& entity, Origin by,
                                                   const Directory& directory);
[[nodiscard]] std::vector<std::string> given_items(const User& user, Origin by,
                                                   const Directory& directory);
[[nodiscard]] std::vector<std::string> given_items(const Group& group, Origin by,
                                                   const Directory& directory);
[[nodiscard]] std::vector<std::string> given_items(const Role& role, Origin by,
                                                   const Directory& directory);
[[nodiscard]] std::vector<std::string> given_items(const ManagedPolicy& policy, Origin by,
                                                   const Directory& directory);

}  // namespace imdsd::iam
