// SPDX-License-Identifier: MIT
// A bucket and what is set on it; the names are those of S3's API.
#pragma once

#include <optional>
#include <string>
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

}  // namespace imdsd::s3
