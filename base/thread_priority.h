// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::base {

/// From now on the calling thread gets about a third of the time that the process's others get
/// where there is too little for all (five steps of nice(2)). There is no way back without
/// privileges. Thread-safe. Where the system forbids it, all stays as it was.
void lower_thread_priority() noexcept;

}  // namespace imdsd::base
