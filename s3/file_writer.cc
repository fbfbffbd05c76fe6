// SPDX-License-Identifier: MIT
#include "s3/file_writer.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "s3/file_error.h"
#include "s3/object_files.h"

namespace imdsd::s3 {
namespace {

/// Below this it is not worth a call to set room aside.
constexpr std::uint64_t kLeastReserved = 8U << 20;
/// A large body is written out as it comes, so that sync() finds little left to wait for.
constexpr std::uint64_t kFlushBytes = 8U << 20;

}  // namespace

FileWriter::FileWriter(FileWriter&& other) noexcept
    : files_(std::exchange(other.files_, nullptr)),
      file_(std::move(other.file_)),
      fd_(std::move(other.fd_)),
      size_(other.size_),
      reserved_(other.reserved_),
      flushed_(other.flushed_) {}

FileWriter::~FileWriter() {
  if (files_ != nullptr) (void)files_->unlink(file_);
}

base::Result<void> FileWriter::reserve(std::uint64_t size) {
  if (size < kLeastReserved) return {};
  if (::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) == 0) {
    reserved_ = size;
  } else if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
    return file_error("write", files_->new_path(file_), errno);
  }  // other file systems cannot set room aside
  return {};
}

base::Result<void> FileWriter::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error("write", files_->new_path(file_), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  if (size_ - flushed_ >= kFlushBytes) {
    (void)::sync_file_range(fd_.get(), static_cast<off_t>(flushed_),
                            static_cast<off_t>(size_ - flushed_), SYNC_FILE_RANGE_WRITE);
    flushed_ = size_;
  }
  return {};
}

base::Result<void> FileWriter::sync() {
  const std::string path = files_->new_path(file_);
  if (size_ < reserved_ && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
    return file_error("write", path, errno);
  }
  if (::fdatasync(fd_.get()) != 0) return file_error("write", path, errno);
  return files_->sync_names();
}

}  // namespace imdsd::s3
