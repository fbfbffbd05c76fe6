// SPDX-License-Identifier: MIT
#include "s3/file_reader.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "s3/file_error.h"
#include "s3/object_files.h"

namespace imdsd::s3 {
namespace {

/// Of files from this size on more is read ahead.
constexpr std::uint64_t kLeastSequential = 1U << 20;
/// What a remembered file takes besides its bytes, about.
constexpr std::size_t kOverhead = 256;

}  // namespace

FileReader::FileReader(ObjectFiles& files, std::vector<Part> parts)
    : files_(&files), parts_(std::move(parts)) {
  starts_.reserve(parts_.size());
  for (const Part& part : parts_) {
    starts_.push_back(size_);
    size_ += part.size;
  }
}

FileReader::FileReader(FileReader&& other) noexcept
    : files_(std::exchange(other.files_, nullptr)),
      parts_(std::move(other.parts_)),
      starts_(std::move(other.starts_)),
      size_(other.size_),
      opened_(other.opened_),
      fd_(std::move(other.fd_)),
      content_(std::move(other.content_)),
      pinned_(std::exchange(other.pinned_, false)) {}

FileReader::~FileReader() {
  if (pinned_) files_->unpin(parts_.front().file);
}

base::Result<void> FileReader::open(std::size_t part) {
  if (fd_ && opened_ == part) return {};
  fd_.reset();
  IMDSD_TRY(fd_, files_->open(parts_[part].file));
  opened_ = part;
  if (parts_[part].size >= kLeastSequential) {
    (void)::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return {};
}

bool FileReader::is_small() const noexcept {
  return parts_.size() == 1 && size_ <= ObjectFiles::kMostOfAFile;
}

base::Result<std::size_t> FileReader::read(std::uint64_t offset, std::span<char> out) {
  if (content_) return content_->copy(out.data(), out.size(), std::min(offset, size_));
  IMDSD_TRY(const std::size_t got, read_files(offset, out));
  if (is_small() && got == size_) {
    auto& contents = files_->contents_;
    content_ =
        contents.keep(parts_.front().file, std::make_shared<const std::string>(out.data(), got),
                      contents.changes(), got + kOverhead);
  }
  return got;
}

base::Result<std::size_t> FileReader::read_files(std::uint64_t offset, std::span<char> out) {
  std::size_t filled = 0;
  while (filled < out.size() && offset < size_) {
    const auto behind = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const auto part = static_cast<std::size_t>(behind - starts_.begin()) - 1;
    if (auto opened = open(part); !opened) {
      return base::fail(base::Errc::corrupt, std::move(opened).error().message);
    }
    const std::uint64_t at = offset - starts_[part];
    const auto wanted = std::min<std::uint64_t>(out.size() - filled, parts_[part].size - at);
    const auto got = ::pread(fd_.get(), out.data() + filled, static_cast<std::size_t>(wanted),
                             static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("read", parts_[part].file, errno);
    if (got == 0) {
      return base::fail(base::Errc::corrupt, "`" + files_->kept_path(parts_[part].file) +
                                                 "` is shorter than the index says; put a backup "
                                                 "in its place, or delete the object");
    }
    filled += static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return filled;
}

}  // namespace imdsd::s3
