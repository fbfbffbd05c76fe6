// SPDX-License-Identifier: MIT
// A policy out of what was needed. Pure.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "iam/permission.h"

namespace imdsd::iam {

struct GeneratedPolicy {
  std::string document;            // JSON, indented by two spaces
  std::vector<std::string> notes;  // what it allows beyond what was needed, and what to look at
};

/// From so many resources of one bucket on, an action is allowed below their common path.
inline constexpr std::size_t kMostListedResources = 20;

/// The least that allows all of them, be they allowed or not: actions with the same resources share
/// a statement; a role may be passed to the services that it was passed to. Wider than what was
/// needed is it only where `widen` and a note say so: objects of one bucket, as of
/// kMostListedResources. PRECONDITION: `needed` is not empty.
[[nodiscard]] GeneratedPolicy generate_policy(const std::set<Permission>& needed, bool widen);

}  // namespace imdsd::iam
