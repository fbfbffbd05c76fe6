// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "daemon/status_report.h"

namespace imdsd::daemon {

/// What stands on standard output once the ports serve: five lines, six with TLS, the last one to
/// be copied. Times are local. `control`: the words that call imdsctl for this daemon
/// ("build/release/imdsctl").
[[nodiscard]] std::string banner(const StatusReport& report, const std::string& control);

/// imdsctl beside the program that was called as `program`; with --socket where imdsctl would not
/// find `socket` by itself.
[[nodiscard]] std::string control_command(const std::string& program, const std::string& socket,
                                          const std::string& default_socket);

}  // namespace imdsd::daemon
