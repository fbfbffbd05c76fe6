// SPDX-License-Identifier: MIT
#include "store/database_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include "base/file_descriptor.h"

namespace imdsd::store {
namespace {

using base::Errc;

constexpr mode_t kMode = 0600;
/// The least page that SQLite has. It takes a file of one byte for an empty one.
constexpr off_t kLeastDatabase = 512;

tl::unexpected<base::Error> failed(int error) {
  switch (error) {
    case ELOOP:  // by O_NOFOLLOW
      return base::fail(Errc::unavailable, "it is a symbolic link; put the file itself there");
    case EACCES:
    case EPERM:
    case EROFS:
      return base::fail(Errc::unavailable,
                        "the file or its folder is read-only; make both writable for imdsd");
    case ENOSPC:
    case EDQUOT:
      return base::fail(Errc::unavailable, "the disk is full; free space, and it works again");
    case ENOENT:
      return base::fail(Errc::not_found, "there is no such file or folder");
    default:
      return base::fail(Errc::unavailable, std::generic_category().message(error));
  }
}

base::Result<struct stat> database_status(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return failed(errno);
  if (!S_ISREG(status.st_mode)) return base::fail(Errc::unavailable, "it is not a regular file");
  if (status.st_size > 0 && status.st_size < kLeastDatabase) {
    return base::fail(Errc::corrupt,
                      "it is not a database; put a backup in its place, or move it away");
  }
  return status;
}

}  // namespace

// The descriptors are closed before SQLite opens the file: POSIX locks of a process end with any
// of its descriptors.

base::Result<void> prepare_writable(const std::string& path) {
  const base::FileDescriptor fd(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kMode));
  if (!fd) return failed(errno);
  IMDSD_TRY(const struct stat status, database_status(fd.get()));
  if ((status.st_mode & 07777) != kMode && ::fchmod(fd.get(), kMode) != 0) return failed(errno);
  return {};
}

base::Result<void> check_readable(const std::string& path) {
  const base::FileDescriptor fd(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return failed(errno);
  if (auto status = database_status(fd.get()); !status) {
    return tl::unexpected(std::move(status).error());
  }
  return {};
}

bool has_log(const std::string& path) {
  struct stat status {};
  return ::stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

}  // namespace imdsd::store
