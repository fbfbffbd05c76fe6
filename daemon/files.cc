// SPDX-License-Identifier: MIT
#include "daemon/files.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>

#include "base/file_descriptor.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::Result;

/// No file that we read is near; /dev/zero, named by mistake, ends here.
constexpr std::size_t kMaxFileBytes = 64U << 20;

tl::unexpected<base::Error> failed(const std::string& what, const std::string& path, int error) {
  return base::fail(error == ENOENT ? Errc::not_found : Errc::unavailable,
                    "cannot " + what + " `" + path + "`: " + system_error(error));
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const base::FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return failed("sync", folder, errno);
  return {};
}

}  // namespace

std::string system_error(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

Result<std::string> read_file(const std::string& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failed("read", path, errno);
  return read_open_file(fd.get(), path);
}

Result<std::string> read_open_file(int fd, const std::string& path) {
  std::string out;
  std::array<char, 16384> piece;
  while (true) {
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", path, errno);
    if (got == 0) return out;
    out.append(piece.data(), static_cast<std::size_t>(got));
    if (out.size() > kMaxFileBytes) {
      return base::fail(Errc::too_large, "cannot read `" + path + "`: it is over " +
                                             std::to_string(kMaxFileBytes) + " bytes");
    }
  }
}

Result<void> write_file_atomically(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".new";
  {
    const base::FileDescriptor fd(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return failed("create", temporary, errno);
    // The mode given to open is cut by the umask and ignored for a file left over from a crash.
    if (::fchmod(fd.get(), 0600) != 0) return failed("protect", temporary, errno);
    IMDSD_TRY_VOID(write_all(fd.get(), content, temporary));
    if (::fsync(fd.get()) != 0) return failed("sync", temporary, errno);
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return failed("replace", path, errno);
  return sync_folder(path);
}

}  // namespace imdsd::daemon
