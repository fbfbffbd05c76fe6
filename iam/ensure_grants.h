// SPDX-License-Identifier: MIT
// The part of ensure() that gives users, groups and roles their policies.
#pragma once

#include <optional>
#include <string>

#include "iam/ensure_run.h"

namespace imdsd::iam {

/// `label` names the owner in errors.
void ensure_grants(const std::string& label, const Declarations::Granted& declared, Grants& grants,
                   EnsureRun& run);
void ensure_boundary(const std::string& label, const std::optional<std::string>& declared,
                     std::string& boundary, EnsureRun& run);

}  // namespace imdsd::iam
