// SPDX-License-Identifier: MIT
// Who refers to whom, as keys of a map that is sorted: "what|…|unique id of who refers". For
// Directory only.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "iam/entities.h"

namespace imdsd::iam {

/// The parts, each closed by a separator that is in no name, no unique id and no ARN of a policy.
[[nodiscard]] std::string link_key(std::initializer_list<std::string_view> parts);

/// The keys of what an entity refers to.
[[nodiscard]] std::vector<std::string> links_of(const User& user);
[[nodiscard]] std::vector<std::string> links_of(const Group& group);
[[nodiscard]] std::vector<std::string> links_of(const Role& role);
[[nodiscard]] std::vector<std::string> links_of(const InstanceProfile& profile);
[[nodiscard]] std::vector<std::string> links_of(const MfaDevice& device);
template <class T>
[[nodiscard]] std::vector<std::string> links_of(const T&) {
  return {};
}

}  // namespace imdsd::iam
