// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::daemon {

/// Errc::not_found, ::unavailable; messages name the path and the system's reason.
[[nodiscard]] base::Result<std::string> read_file(const std::string& path);
/// The same of a file that is open; `path` is for messages.
[[nodiscard]] base::Result<std::string> read_open_file(int fd, const std::string& path);

/// Temporary file beside it, fsync, rename, fsync of the folder: after a crash the old or the new
/// content is there, whole. Mode 0600.
[[nodiscard]] base::Result<void> write_file_atomically(const std::string& path,
                                                       std::string_view content);

/// The system's words for an errno: "no such file or directory".
[[nodiscard]] std::string system_error(int error);

}  // namespace imdsd::daemon
