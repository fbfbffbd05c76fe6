// SPDX-License-Identifier: MIT
// `imdsctl doctor`, where it touches the world.
#pragma once

#include "base/environment.h"
#include "cli/command_line.h"

namespace imdsd::cli {

/// 0 when AWS clients of this shell get to the daemon, 1 when something stands in the way. Connects
/// to the admin socket, to the loopback, and to AWS's addresses where they are this machine's own.
[[nodiscard]] int doctor(const CommandLine& line, const base::Environment& environment);

}  // namespace imdsd::cli
