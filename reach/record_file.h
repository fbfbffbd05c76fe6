// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "reach/record.h"

namespace imdsd::reach {

/// Where the record of this network namespace is kept: up-<cookie>.json in a folder of root's own.
/// Not in /run/imdsd, which belongs to the daemon's user, and is removed when the unit stops
/// (systemd.exec(5), RuntimeDirectory=).
class RecordFile {
 public:
  static constexpr const char* kFolder = "/run/imdsctl";

  explicit RecordFile(std::string folder);

  /// Makes the folder, and waits until nobody else holds the record. The lock ends with the last
  /// process that has lock_descriptor() open.
  [[nodiscard]] base::Result<void> lock();
  [[nodiscard]] int lock_descriptor() const noexcept { return lock_.get(); }

  /// An empty one when there is none, or when it is of an earlier boot.
  [[nodiscard]] base::Result<Record> load() const;
  /// Whole or not at all: written beside it, and renamed.
  [[nodiscard]] base::Result<void> save(Record record) const;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string folder_, path_, boot_id_;
  base::FileDescriptor lock_;
};

}  // namespace imdsd::reach
