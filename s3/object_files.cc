// SPDX-License-Identifier: MIT
#include "s3/object_files.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <span>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include "base/codec.h"
#include "s3/file_error.h"

namespace imdsd::s3 {
namespace {

using base::FileDescriptor;
using base::Result;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
  return file_error("make", path, errno);
}

Result<void> sync_folder(const std::string& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return file_error("write", path, errno);
  return {};
}

std::string parent(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

std::string ObjectFiles::new_path(const std::string& file) const {
  return folder_ + "/new/" + file;
}

std::string ObjectFiles::kept_path(const std::string& file) const {
  return folder_ + "/kept/" + file;
}

Result<void> ObjectFiles::make_folders() const {
  for (const std::string& path : {folder_, folder_ + "/new", folder_ + "/kept"}) {
    IMDSD_TRY_VOID(make_folder(path));
  }
  IMDSD_TRY_VOID(sync_folder(folder_));
  return sync_folder(parent(folder_));
}

Result<void> ObjectFiles::sync_names() const {
  return sync_folder(folder_ + "/new");
}

Result<FileWriter> ObjectFiles::create(std::uint64_t expected_size) {
  std::array<char, 16> bytes{};
  random_.fill(std::as_writable_bytes(std::span(bytes)));
  const std::string file = base::hex_encode({bytes.data(), bytes.size()});
  const std::string path = new_path(file);
  const auto attempt = [&] {
    return FileDescriptor(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  };
  FileDescriptor fd = attempt();
  if (!fd && errno == ENOENT) {
    IMDSD_TRY_VOID(make_folders());
    fd = attempt();
  }
  if (!fd) return file_error("make", path, errno);
  FileWriter writer(*this, file, std::move(fd));
  IMDSD_TRY_VOID(writer.reserve(expected_size));
  return writer;
}

void ObjectFiles::keep(FileWriter&& writer) {
  keep_left(writer.file());
  writer.files_ = nullptr;
}

void ObjectFiles::keep_left(const std::string& file) {
  (void)std::rename(new_path(file).c_str(), kept_path(file).c_str());
}

Result<FileDescriptor> ObjectFiles::open(const std::string& file) const {
  const std::string kept = kept_path(file);
  // Between the two looks it may have been moved.
  for (const std::string& path : {kept, new_path(file), kept}) {
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (fd) return fd;
    if (errno != ENOENT) return file_error("read", path, errno);
  }
  return file_error("read", kept, ENOENT);
}

Result<FileReader> ObjectFiles::reader(std::vector<Part> parts) {
  FileReader reader(*this, std::move(parts));
  if (reader.parts_.size() > 1) {
    std::lock_guard lock(mutex_);
    ++pins_[reader.parts_.front().file].readers;
    reader.pinned_ = true;
  }
  if (reader.is_small()) reader.content_ = contents_.find(reader.parts_.front().file);
  if (!reader.parts_.empty() && !reader.content_) IMDSD_TRY_VOID(reader.open(0));
  return reader;
}

bool ObjectFiles::remembers(const std::vector<Part>& parts) const {
  return parts.size() == 1 && contents_.find(parts.front().file) != nullptr;
}

void ObjectFiles::unpin(const std::string& first_file) {
  std::vector<std::string> to_remove;
  {
    std::lock_guard lock(mutex_);
    const auto pin = pins_.find(first_file);
    if (--pin->second.readers > 0) return;
    to_remove = std::move(pin->second.to_remove);
    pins_.erase(pin);
  }
  for (const std::string& file : to_remove) (void)unlink(file);
}

bool ObjectFiles::unlink(const std::string& file) const {
  const std::string kept = kept_path(file);
  // As in open(); a file that is in one place is not in the other.
  for (const std::string& path : {kept, new_path(file), kept}) {
    if (::unlink(path.c_str()) == 0) return true;
    if (errno != ENOENT) return false;
  }
  return true;
}

bool ObjectFiles::remove(const std::vector<std::string>& files) {
  if (files.empty()) return true;
  for (const std::string& file : files) contents_.changed(file);
  std::size_t done = 0;
  bool gone = true;
  if (files.size() > 1) {
    // The first file decides between a reader that is about to begin and this: who has the lock
    // first.
    std::lock_guard lock(mutex_);
    if (const auto pin = pins_.find(files.front()); pin != pins_.end()) {
      pin->second.to_remove = files;
      return false;
    }
    gone = unlink(files.front());
    done = 1;
  }
  for (; done < files.size(); ++done) gone = unlink(files[done]) && gone;
  return gone;
}

Result<std::vector<std::string>> ObjectFiles::left() const {
  std::vector<std::string> names;
  const std::string path = folder_ + "/new";
  std::error_code error;
  for (auto at = std::filesystem::directory_iterator(path, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error && error.value() != ENOENT) return file_error("read", path, error.value());
  return names;
}

}  // namespace imdsd::s3
