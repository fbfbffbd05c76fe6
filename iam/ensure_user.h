// SPDX-License-Identifier: MIT
// The part of ensure() that makes users, with their access keys and groups.
#pragma once

#include "iam/ensure_run.h"

namespace imdsd::iam {

/// For all users before ensure_user() for any: the file may have given one's key to another.
void release_access_keys(const Declarations::DeclaredUser& declared, EnsureRun& run);
/// Its groups are there.
void ensure_user(const Declarations::DeclaredUser& declared, EnsureRun& run);

}  // namespace imdsd::iam
