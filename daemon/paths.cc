// SPDX-License-Identifier: MIT
#include "daemon/paths.h"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/files.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

/// sun_path holds the path and its NUL (unix(7)).
constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un::sun_path) - 1;

/// A socket's own mode counts for nothing to who may not pass its folder. (The group's bits alone
/// count for its members, as for the kernel.)
Result<void> check_reachable(const std::string& folder, const struct stat& status, unsigned group) {
  const bool open_to_all = (status.st_mode & S_IXOTH) != 0 && status.st_gid != group;
  const bool open_to_group = (status.st_mode & S_IXGRP) != 0 && status.st_gid == group;
  if (open_to_all || open_to_group) return {};
  return fail(Errc::access_denied, "admin.group cannot reach the admin socket in `" + folder +
                                       "`: chgrp " + std::to_string(group) +
                                       " and chmod g+x that folder, or set admin.socket to a path "
                                       "in another one");
}

/// systemd separates several directories by colons; the first is ours.
std::string first_of(const std::string& directories) {
  return directories.substr(0, directories.find(':'));
}

}  // namespace

Result<std::string> state_dir_path(const std::string& configured,
                                   const base::Environment& environment) {
  if (!configured.empty()) return configured;
  if (auto given = base::find_variable(environment, "STATE_DIRECTORY")) return first_of(*given);
  if (auto xdg = base::find_variable(environment, "XDG_STATE_HOME")) return *xdg + "/imdsd";
  if (auto home = base::find_variable(environment, "HOME")) return *home + "/.local/state/imdsd";
  return fail(Errc::invalid_argument,
              "no state directory: set state_dir, $STATE_DIRECTORY, $XDG_STATE_HOME or $HOME");
}

std::string absolute_path(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.string();
}

Result<std::string> admin_socket_path(const std::string& configured,
                                      const base::Environment& environment,
                                      const std::string& state_dir) {
  std::string path = configured;
  if (path.empty()) {
    std::string folder = state_dir;
    if (auto given = base::find_variable(environment, "RUNTIME_DIRECTORY")) {
      folder = first_of(*given);
    } else if (auto xdg = base::find_variable(environment, "XDG_RUNTIME_DIR")) {
      folder = *xdg + "/imdsd";
    }
    path = folder + "/" + kAdminSocketName;
  }
  if (path.size() > kMaxSocketPath) {
    return fail(Errc::too_large, "admin.socket: `" + path + "` has " + std::to_string(path.size()) +
                                     " bytes and a Unix socket's path at most " +
                                     std::to_string(kMaxSocketPath) +
                                     ": set admin.socket to a shorter one");
  }
  return path;
}

Result<void> make_folders(const std::string& path, unsigned mode) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), mode) != 0 && errno != EEXIST) {
      const int error = errno;
      struct stat status {};
      // EROFS and EACCES come before EEXIST on some file systems.
      if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return fail(Errc::unavailable, "cannot create `" + folder + "`: " + system_error(error));
      }
    }
    if (slash == std::string::npos) return {};
  }
}

Result<void> make_socket_folder(const std::string& socket, std::optional<unsigned> group) {
  const auto slash = socket.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  const std::string folder = socket.substr(0, slash);
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) {
    return group ? check_reachable(folder, status, *group) : Result<void>();
  }
  IMDSD_TRY_VOID(make_folders(folder, 0700));
  if (group && (::chown(folder.c_str(), static_cast<uid_t>(-1), *group) != 0 ||
                ::chmod(folder.c_str(), 0710) != 0)) {
    return fail(Errc::unavailable,
                "cannot give `" + folder + "` to admin.group: " + system_error(errno));
  }
  return {};
}

}  // namespace imdsd::daemon
