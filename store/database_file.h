// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.h"

namespace imdsd::store {

/// Makes the file, empty, if there is none, with mode 0600; takes other people's rights away from
/// one that is there. Errc::unavailable: it cannot be written, or is no regular file (a symbolic
/// link is not followed). Errc::corrupt: it is too short for a database.
[[nodiscard]] base::Result<void> prepare_writable(const std::string& path);
/// Changes nothing. Errc::not_found when there is none.
[[nodiscard]] base::Result<void> check_readable(const std::string& path);

/// Whether there is a log beside it with transactions that are not in the file itself.
[[nodiscard]] bool has_log(const std::string& path);

}  // namespace imdsd::store
