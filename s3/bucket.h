// SPDX-License-Identifier: MIT
// A bucket and what is set on it; the names are those of S3's API.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "iam/entities.h"

namespace imdsd::s3 {

/// In the order in which they were put.
using Tags = std::vector<iam::Tag>;

struct PublicAccessBlock {
  bool block_public_acls = false;
  bool ignore_public_acls = false;
  bool block_public_policy = false;
  bool restrict_public_buckets = false;
  friend bool operator==(const PublicAccessBlock&, const PublicAccessBlock&) = default;
};

inline constexpr PublicAccessBlock kBlockAll{true, true, true, true};

enum class ObjectOwnership { bucket_owner_enforced, bucket_owner_preferred, object_writer };

struct Bucket {
  std::string name, region;
  std::string owner;  // the account's id
  base::SystemTime created;
  std::string policy;  // the text as it was put; empty: it has none
  Tags tags;
  std::optional<PublicAccessBlock> public_access_block;
  std::optional<ObjectOwnership> ownership;
};

/// One as S3 makes it since April 2023: without ACLs and closed to the public
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
/// Without a region.
[[nodiscard]] inline Bucket new_bucket(std::string name, std::string owner,
                                       base::SystemTime created) {
  Bucket bucket;
  bucket.name = std::move(name);
  bucket.owner = std::move(owner);
  bucket.created = created;
  bucket.public_access_block = kBlockAll;
  bucket.ownership = ObjectOwnership::bucket_owner_enforced;
  return bucket;
}

}  // namespace imdsd::s3
