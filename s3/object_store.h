// SPDX-License-Identifier: MIT
// The index and the files together, in the order that leaves whole objects only, whenever the
// process or the machine stops: the bytes and their name are durable before the row, and a file
// goes after the row that named it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "s3/index.h"
#include "s3/object_files.h"

namespace imdsd::s3 {

/// All that touches files. Buckets, lists, tags and the like are asked of the index itself.
/// Thread-safe; each call works in the thread that makes it, and waits for the disk. Errors are
/// those of Index; IndexErrc::failed with Errc::unavailable for a full disk, here as there.
class ObjectStore {
 public:
  /// Both outlive it.
  ObjectStore(Index& index, ObjectFiles& files) : index_(index), files_(files) {}

  /// For the bytes that put_object() or put_part() takes. `expected_size`: 0 when it is not known.
  [[nodiscard]] base::Result<FileWriter> create(std::uint64_t expected_size) {
    return files_.create(expected_size);
  }
  /// Everything of `object` but its size and parts, which are the file's. What had the key is gone
  /// when it returns.
  [[nodiscard]] IndexResult<void> put_object(std::string_view bucket, Object object,
                                             FileWriter file, const WriteCondition& condition = {});
  struct Opened {
    Object object;
    FileReader reader;
  };
  [[nodiscard]] IndexResult<Opened> open_object(std::string_view bucket, std::string_view key);
  /// True when open_object() and the reader of what it opens need not wait for the disk. By the
  /// time they are called that may be over.
  [[nodiscard]] bool remembers(std::string_view bucket, std::string_view key) const;
  [[nodiscard]] IndexResult<void> delete_object(std::string_view bucket, std::string_view key,
                                                const WriteCondition& condition = {});

  /// As Index has them. `part`: everything but its size and file.
  [[nodiscard]] IndexResult<void> put_part(std::string_view bucket, std::string_view key,
                                           std::string_view upload_id, Part part, FileWriter file);
  [[nodiscard]] IndexResult<void> complete_upload(std::string_view bucket,
                                                  std::string_view upload_id, const Object& object,
                                                  const WriteCondition& condition = {});
  [[nodiscard]] IndexResult<void> abort_upload(std::string_view bucket, std::string_view key,
                                               std::string_view upload_id);
  [[nodiscard]] IndexResult<void> delete_bucket(std::string_view bucket);

  /// Puts in order what an earlier process left half done: a matter of the few requests that it was
  /// at, however many objects there are. Before the first of the other calls.
  [[nodiscard]] base::Result<void> recover();

 private:
  void remove(const Discarded& discarded);
  Index& index_;
  ObjectFiles& files_;
};

}  // namespace imdsd::s3
