// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.h"
#include "base/result.h"
#include "daemon/state_dir.h"
#include "s3/object_files.h"
#include "s3/object_store.h"
#include "s3/service.h"
#include "store/sqlite_s3_index.h"

namespace imdsd::daemon {

/// S3 as the state directory keeps it: an index, and the files of objects. Neither is made before
/// the first bucket is.
class S3State {
 public:
  /// `random` outlives it.
  S3State(const StateDir& state, base::Random& random);
  S3State(const S3State&) = delete;
  S3State& operator=(const S3State&) = delete;

  /// What there is can be read, and what a former process left half done is put in order: before
  /// the first request. Errc::corrupt says what to do.
  [[nodiscard]] base::Result<void> open();

  [[nodiscard]] s3::Service& service() noexcept { return service_; }
  [[nodiscard]] s3::Index& index() noexcept { return index_; }

 private:
  store::SqliteS3Index index_;
  s3::ObjectFiles files_;
  s3::ObjectStore store_;
  s3::Service service_;
};

}  // namespace imdsd::daemon
