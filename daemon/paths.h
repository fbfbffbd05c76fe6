// SPDX-License-Identifier: MIT
// Where the daemon keeps its state and its admin socket.
#pragma once

#include <optional>
#include <string>

#include "base/environment.h"
#include "base/result.h"

namespace imdsd::daemon {

inline constexpr const char* kAdminSocketName = "admin.sock";

/// `configured`, else $STATE_DIRECTORY, else $XDG_STATE_HOME/imdsd, else ~/.local/state/imdsd.
[[nodiscard]] base::Result<std::string> state_dir_path(const std::string& configured,
                                                       const base::Environment& environment);

/// `configured`, else admin.sock in $RUNTIME_DIRECTORY, else in $XDG_RUNTIME_DIR/imdsd, else in the
/// state directory. Errc::too_large when the kernel could not take it.
[[nodiscard]] base::Result<std::string> admin_socket_path(const std::string& configured,
                                                          const base::Environment& environment,
                                                          const std::string& state_dir);

/// Makes the socket's folder where it is missing: 0700, or 0710 and of `group` when that is to
/// reach it. One that exists is left as it is: Errc::access_denied when `group` may not pass it.
[[nodiscard]] base::Result<void> make_socket_folder(const std::string& socket,
                                                    std::optional<unsigned> group);

/// As programs in other folders need it.
[[nodiscard]] std::string absolute_path(const std::string& path);

/// All missing folders of `path`; those it makes get `mode`.
[[nodiscard]] base::Result<void> make_folders(const std::string& path, unsigned mode);

}  // namespace imdsd::daemon
