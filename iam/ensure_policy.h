// SPDX-License-Identifier: MIT
// The part of ensure() that is about managed policies.
#pragma once

#include "iam/ensure_run.h"

namespace imdsd::iam {

/// The file's text is the default version. Versions never change, as in AWS: another text is
/// another version, and what the API made stays as long as there is room.
void ensure_policy(const Declarations::DeclaredPolicy& declared, EnsureRun& run,
                   EnsureReport& report);

/// Drops the versions that the file had given to a policy of the API's. The newest of the API's is
/// the default in their place; the last version of all stays.
void drop_file_versions(ManagedPolicy& policy);

}  // namespace imdsd::iam
