// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace imdsd::s3 {

class ObjectFiles;

/// A new file, of ObjectFiles::create(). It is removed with this, unless it was given to
/// ObjectFiles::keep(). For one thread at a time; works in the thread that calls.
class FileWriter {
 public:
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();

  /// Errc::unavailable: the disk is full or failing. Pieces of 64 KiB or more are best.
  [[nodiscard]] base::Result<void> append(std::string_view bytes);
  /// When it returns, what was appended outlives a loss of power, and so does the name.
  [[nodiscard]] base::Result<void> sync();

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Its name, as the index has it.
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  friend class ObjectFiles;
  FileWriter(ObjectFiles& files, std::string file, base::FileDescriptor fd)
      : files_(&files), file_(std::move(file)), fd_(std::move(fd)) {}
  [[nodiscard]] base::Result<void> reserve(std::uint64_t size);

  ObjectFiles* files_;  // outlives this; null: moved from, or kept
  std::string file_;
  base::FileDescriptor fd_;
  std::uint64_t size_ = 0;
  std::uint64_t reserved_ = 0;
  std::uint64_t flushed_ = 0;  // the kernel was told to write out so far
};

}  // namespace imdsd::s3
