// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::base {

/// Gives back the memory that starting took and serving does not: free heap pages, and the pages of
/// code and constants that configuration, key generation and library initialisation ran through.
/// Those are clean pages of files; what is needed again comes back from the page cache, some
/// microseconds a page. For the end of the start, once. Thread-safe; cannot fail.
///
/// Breakpoints that a debugger has set before are lost.
void release_startup_memory() noexcept;

}  // namespace imdsd::base
