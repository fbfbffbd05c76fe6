// SPDX-License-Identifier: MIT
// Buckets that a configuration file declares, and how they come to be.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "iam/directory.h"
#include "s3/index.h"

namespace imdsd::s3 {

/// Fields that the file does not have stay as they are.
struct DeclaredBucket {
  std::string account, name;
  std::string region;  // of one that is made now
  std::optional<std::string> policy;
  std::optional<Tags> tags;
  std::optional<bool> public_access_block;  // all four settings, or none
};

/// "bucket `photos`": what errors about it begin with.
[[nodiscard]] std::string label_of(const DeclaredBucket& bucket);

/// What is wrong with them by themselves: policies and tags that S3 would not take.
[[nodiscard]] std::vector<base::Error> check_buckets(std::span<const DeclaredBucket> declared,
                                                     const iam::Directory& directory);

/// Makes those that are not there, and sets what is declared of them. One that another account owns
/// and a policy that its public access block refuses are errors, as those of check_buckets(): all
/// are told, and nothing is changed then. Buckets that are no longer declared stay: they may hold
/// objects. Waits for the disk, and writes nothing where all is so already.
[[nodiscard]] std::vector<base::Error> ensure_buckets(std::span<const DeclaredBucket> declared,
                                                      const iam::Directory& directory, Index& index,
                                                      base::SystemTime now);

}  // namespace imdsd::s3
