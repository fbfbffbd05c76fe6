// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "s3/object.h"

namespace imdsd::s3 {

class ObjectFiles;

/// The bytes of one object, of ObjectFiles::reader(): they stay while this lives, even when the
/// object is replaced or deleted. One descriptor, however many parts. For one thread at a time;
/// works in the thread that calls.
class FileReader {
 public:
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  /// Fills `out` with what is at `offset`; fewer bytes only at the end. Errc::corrupt: a file is
  /// gone, or shorter than the index says. Pieces of 128 KiB or more are best.
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset, std::span<char> out);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  friend class ObjectFiles;
  FileReader(ObjectFiles& files, std::vector<Part> parts);
  [[nodiscard]] base::Result<void> open(std::size_t part);
  /// One file, of which all is remembered once it was read.
  [[nodiscard]] bool is_small() const noexcept;
  [[nodiscard]] base::Result<std::size_t> read_files(std::uint64_t offset, std::span<char> out);

  ObjectFiles* files_;  // outlives this; null: moved from
  std::vector<Part> parts_;
  std::vector<std::uint64_t> starts_;  // where each part begins in the object
  std::uint64_t size_ = 0;
  std::size_t opened_ = 0;  // the part that fd_ is of
  base::FileDescriptor fd_;
  std::shared_ptr<const std::string> content_;  // remembered; null: fd_ is open
  bool pinned_ = false;
};

}  // namespace imdsd::s3
