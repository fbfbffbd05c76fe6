// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/seen_permissions.h"

namespace imdsd::daemon {

/// Adds what the lines of an audit file say that a holder needed. Lines of other events, of other
/// versions and cut ones are passed over.
void read_needed(std::istream& lines, std::string_view holder, gateway::NeededPermissions& out);

/// The same of a file; one that is not there says nothing. Errc::unavailable when it cannot be
/// read.
[[nodiscard]] base::Result<void> read_audit_file(const std::string& path, std::string_view holder,
                                                 gateway::NeededPermissions& out);

}  // namespace imdsd::daemon
