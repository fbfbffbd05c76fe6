// SPDX-License-Identifier: MIT
#include "reach/record_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>

#include "base/codec.h"
#include "reach/look.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71  // Linux 5.14; headers of Debian 12 have it, older ones do not
#endif

namespace imdsd::reach {
namespace {

using base::Errc;
using base::fail;
using base::FileDescriptor;
using base::Result;

auto failed(const std::string& what) {
  return fail(errno == EACCES || errno == EPERM ? Errc::access_denied : Errc::unavailable,
              "`" + what + "`: " + std::generic_category().message(errno));
}

/// A number that no other network namespace of this boot has or will have; on kernels before 5.14,
/// that of its file, which a later one may get.
std::string netns_name() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (socket && ::getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == 0) {
    return std::to_string(cookie);
  }
  struct stat status {};
  return ::stat("/proc/self/ns/net", &status) == 0 ? "i" + std::to_string(status.st_ino) : "0";
}

}  // namespace

RecordFile::RecordFile(std::string folder) : folder_(std::move(folder)) {
  path_ = folder_ + "/up-" + netns_name() + ".json";
  const auto text = read_file("/proc/sys/kernel/random/boot_id").value_or("");
  boot_id_ = text.substr(0, text.find('\n'));
}

Result<void> RecordFile::lock() {
  if (::mkdir(folder_.c_str(), 0755) != 0 && errno != EEXIST) return failed(folder_);
  const std::string path = folder_ + "/lock";
  lock_ = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock_) return failed(path);
  while (::flock(lock_.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return failed(path);
  }
  return {};
}

Result<Record> RecordFile::load() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    if (errno == ENOENT) return Record{boot_id_, {}};
    return failed(path_);
  }
  const auto text = read_file(path_);
  if (!text) return fail(Errc::access_denied, "`" + path_ + "` cannot be read");
  auto record = parse_record(*text);
  if (!record) {
    return base::fail_in("`" + path_ +
                             "` is not what imdsctl " IMDSD_VERSION
                             " writes; look at it, take back by hand what is there, and remove it",
                         record.error());
  }
  if (record->boot_id != boot_id_) return Record{boot_id_, {}};
  return record;
}

Result<void> RecordFile::save(Record record) const {
  if (record.steps.empty()) {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return failed(path_);
    return {};
  }
  record.boot_id = boot_id_;
  const auto text = to_json(record);
  const std::string beside = path_ + ".new";
  const FileDescriptor file(
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file) return failed(beside);
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.get()) != 0) {
    return failed(beside);
  }
  if (::rename(beside.c_str(), path_.c_str()) != 0) return failed(path_);
  return {};
}

}  // namespace imdsd::reach
