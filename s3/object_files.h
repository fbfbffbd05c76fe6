// SPDX-License-Identifier: MIT
// The bytes of objects: files under random names, so that no key ever meets the file system.
//
//   FOLDER/new/ID    being written; or durable, and perhaps named by the index already
//   FOLDER/kept/ID   named by the index
//
// A file is moved from the first to the second once its row is durable, so that after a crash only
// new/ has to be looked through, however many objects there are.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/random.h"
#include "base/remembered.h"
#include "base/result.h"
#include "s3/file_reader.h"
#include "s3/file_writer.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// Thread-safe. Folders are made (mode 0700) when the first file is, files have mode 0600. Errors
/// name the file and say what to do; Errc::unavailable: the disk is full, read-only or failing.
class ObjectFiles {
 public:
  /// `random` outlives it.
  ObjectFiles(std::string folder, base::Random& random)
      : folder_(std::move(folder)), random_(random) {}

  /// `expected_size`: what is set aside, so that a full disk is told at once; 0: not known.
  [[nodiscard]] base::Result<FileWriter> create(std::uint64_t expected_size);
  /// The index names it, durably. It stays where it is if it cannot be moved.
  void keep(FileWriter&& writer);

  /// The parts of one object, as the index gave them. Errc::not_found: the object was replaced or
  /// deleted since; ask the index again.
  [[nodiscard]] base::Result<FileReader> reader(std::vector<Part> parts);
  /// Whether a reader of these has all bytes without waiting for the disk.
  [[nodiscard]] bool remembers(const std::vector<Part>& parts) const;

  /// Removes all files of an object, or files of an upload; the index does not name them. While a
  /// reader has them they stay until it ends. True: they are gone, or were not there.
  [[nodiscard]] bool remove(const std::vector<std::string>& files);

  /// What an earlier process left in new/: before the first create().
  [[nodiscard]] base::Result<std::vector<std::string>> left() const;
  /// The index names this one.
  void keep_left(const std::string& file);

 private:
  friend class FileWriter;
  friend class FileReader;
  [[nodiscard]] std::string new_path(const std::string& file) const;
  [[nodiscard]] std::string kept_path(const std::string& file) const;
  [[nodiscard]] base::Result<void> make_folders() const;
  /// Makes new names in new/ outlive a loss of power.
  [[nodiscard]] base::Result<void> sync_names() const;
  /// Errc::not_found when it is in neither place.
  [[nodiscard]] base::Result<base::FileDescriptor> open(const std::string& file) const;
  [[nodiscard]] bool unlink(const std::string& file) const;
  void unpin(const std::string& first_file);

  /// Readers of an object of several files, which has one of them open at a time.
  struct Pin {
    std::size_t readers = 0;
    std::vector<std::string> to_remove;  // when the last reader ends
  };
  const std::string folder_;
  base::Random& random_;
  /// Files do not change, so what was read of them stays true. In bytes.
  static constexpr std::size_t kMostOfAFile = 16UL << 10, kMostOfAll = 4UL << 20;
  base::Remembered<std::string> contents_{kMostOfAll};  // by file
  std::mutex mutex_;                                    // guards pins_
  std::map<std::string, Pin> pins_;                     // by the object's first file
};

}  // namespace imdsd::s3
