// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::base {

/// From now on the calling thread gets about a third of the time that others get where there is
/// too little for all (nice 5, see setpriority(2)): for work that nobody waits for. There is no way
/// back without privileges. Thread-safe; cannot fail in a way that matters.
void lower_thread_priority() noexcept;

}  // namespace imdsd::base
