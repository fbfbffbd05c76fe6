// SPDX-License-Identifier: MIT
// The first start makes an administrator for the default account, so that the IAM API can be used
// at all: whoever can read the state directory is one.
#pragma once

#include <string>

#include "base/result.h"
#include "daemon/state_dir.h"
#include "iam/directory_service.h"
#include "iam/store.h"

namespace imdsd::daemon {

inline constexpr const char* kAdministrator = "imdsd-admin";  // user and profile

/// Makes the user once in the life of the database, and its shared credentials file
/// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html) whenever that is missing,
/// or has a key that nobody has: of a database that was moved away, say. A user or key that was
/// deleted later stays deleted.
[[nodiscard]] base::Result<void> ensure_administrator(const std::string& account, iam::Store& store,
                                                      iam::DirectoryService& directory,
                                                      const StateDir& state);

}  // namespace imdsd::daemon
