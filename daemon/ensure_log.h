// SPDX-License-Identifier: MIT
#pragma once

#include "iam/declarations.h"

namespace imdsd::daemon {

/// A line for each thing that a start or a reload took away: nobody should wonder where it went.
void log_ensured(const iam::EnsureReport& report);

}  // namespace imdsd::daemon
