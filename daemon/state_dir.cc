// SPDX-License-Identifier: MIT
#include "daemon/state_dir.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/log.h"
#include "daemon/files.h"
#include "daemon/paths.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

std::string holder(int lock) {
  std::array<char, 32> text;
  const auto size = ::pread(lock, text.data(), text.size(), 0);
  const std::string pid(
      base::trim(std::string_view(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0)));
  return pid.empty() ? std::string() : " (process " + pid + ")";
}

/// Somebody else's keys are known to somebody else.
Result<void> check_owner(const struct stat& status, const std::string& what) {
  if (status.st_uid == ::geteuid() || status.st_uid == 0) return {};
  return fail(Errc::access_denied, what + " belongs to user " + std::to_string(status.st_uid) +
                                       ", neither to user " + std::to_string(::geteuid()) +
                                       ", who runs this, nor to root");
}

/// On a disk that has become read-only the file that is there will do.
Result<base::FileDescriptor> open_lock(const std::string& path) {
  base::FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  const int error = errno;
  if (!lock && (error == EROFS || error == EACCES || error == EPERM)) {
    lock = base::FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  }
  if (!lock) return fail(Errc::unavailable, "cannot open `" + path + "`: " + system_error(error));
  return lock;
}

/// For messages of others alone: on a full or read-only disk it is not told.
void note_holder(int lock) {
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(lock, 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(lock, pid.data(), pid.size(), 0);
}

Result<base::FileDescriptor> take_lock(const std::string& folder) {
  const std::string path = folder + "/lock";
  IMDSD_TRY(base::FileDescriptor lock, open_lock(path));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return fail(Errc::unavailable, "cannot lock `" + path + "`: " + system_error(errno));
    }
    return fail(Errc::unavailable, "state directory `" + folder + "` is in use by another imdsd" +
                                       holder(lock.get()) +
                                       ": stop it, or give this one its own state_dir");
  }
  note_holder(lock.get());
  return lock;
}

}  // namespace

Result<StateDir> StateDir::open(const std::string& path) {
  IMDSD_TRY_VOID(make_folders(path, 0700));
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return fail(Errc::unavailable, "cannot use `" + path + "`: " + system_error(errno));
  }
  IMDSD_TRY_VOID(check_owner(status, "state directory `" + path + "`"));
  // Whoever may write the folder may replace the keys in it.
  if ((status.st_mode & 022) != 0) {
    return fail(Errc::access_denied,
                "state directory `" + path +
                    "` can be written by others: chmod 700 it, or set state_dir "
                    "to a folder of its own");
  }
  IMDSD_TRY(auto lock, take_lock(path));
  return StateDir(absolute_path(path), std::move(lock));
}

Result<std::optional<std::string>> StateDir::read(const std::string& name) const {
  const std::string path = path_of(name);
  // O_NONBLOCK: opening a FIFO waits for its writer otherwise.
  const base::FileDescriptor file(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::optional<std::string>();
  struct stat status {};
  if (!file ? errno != ELOOP : ::fstat(file.get(), &status) != 0) {
    return fail(Errc::unavailable, "cannot read `" + path + "`: " + system_error(errno));
  }
  // ELOOP, from O_NOFOLLOW: a symbolic link.
  if (!file || !S_ISREG(status.st_mode)) {
    return fail(Errc::access_denied, "`" + path + "` is not a regular file");
  }
  IMDSD_TRY_VOID(check_owner(status, "`" + path + "`"));
  if ((status.st_mode & 077) != 0) {
    return fail(Errc::access_denied,
                "`" + path + "` can be read or written by others: chmod 600 it, or remove it");
  }
  IMDSD_TRY(auto content, read_open_file(file.get(), path));
  return std::optional<std::string>(std::move(content));
}

Result<void> StateDir::write(const std::string& name, std::string_view content) const {
  return write_file_atomically(path_of(name), content);
}

Result<void> StateDir::remove(const std::string& name) const {
  const std::string path = path_of(name);
  if (::unlink(path.c_str()) == 0) return {};
  const int error = errno;
  // A read-only file system says so even of a file that is not there.
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 && errno == ENOENT) return {};
  return fail(Errc::unavailable, "cannot remove `" + path + "`: " + system_error(error));
}

Result<sts::KeyRing> load_key_ring(const StateDir& state, base::Random& random,
                                   base::SystemTime now) {
  IMDSD_TRY(const auto content, state.read(StateDir::kKeyRing));
  if (content) {
    auto ring = sts::KeyRing::from_json(*content);
    if (!ring) {
      return fail(Errc::corrupt, "`" + state.path_of(StateDir::kKeyRing) +
                                     "`: " + ring.error().message +
                                     "; restore it, or remove it, which ends all sessions");
    }
    auto rotated = rotated_key_ring(state, *ring, random, now, sts::KeyRing::kRotateAtStartAfter);
    if (rotated) return std::move(*rotated).value_or(*std::move(ring));
    base::log_warn("session tokens go on under an older key", {{"error", rotated.error().message}});
    return ring;
  }
  auto ring = sts::KeyRing::generate(random, now);
  IMDSD_TRY_VOID(state.write(StateDir::kKeyRing, ring.to_json().reveal()));
  return ring;
}

Result<std::optional<sts::KeyRing>> rotated_key_ring(const StateDir& state,
                                                     const sts::KeyRing& ring, base::Random& random,
                                                     base::SystemTime now,
                                                     std::chrono::seconds age) {
  sts::KeyRing next = ring;
  if (!next.rotate(random, now, age)) return std::optional<sts::KeyRing>();
  IMDSD_TRY_VOID(state.write(StateDir::kKeyRing, next.to_json().reveal()));
  return std::optional(std::move(next));
}

}  // namespace imdsd::daemon
