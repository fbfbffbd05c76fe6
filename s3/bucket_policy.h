// SPDX-License-Identifier: MIT
// Bucket policies
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html): what may be put,
// and what is kept ready to decide by.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "aws/s3_error.h"
#include "iam/directory.h"
#include "iam/policy_set.h"
#include "s3/bucket.h"

namespace imdsd::s3 {

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
inline constexpr std::size_t kMaxPolicyBytes = 20UL * 1024;

/// What is kept of a policy that PutBucketPolicy was given: its text, with the ids of the users and
/// roles that it names in the place of their ARNs, so that one which is deleted and made again is
/// another one, and accounts (ARNs in `partition`) in the place of canonical users.
/// MalformedPolicy.
[[nodiscard]] aws::S3Outcome<std::string> parse_bucket_policy(std::string_view text,
                                                              std::string_view bucket,
                                                              const iam::Directory& directory,
                                                              std::string_view partition = "aws");

/// The text again as GetBucketPolicy shows it, with the ARNs that its principals have now.
[[nodiscard]] std::string shown_bucket_policy(std::string_view kept,
                                              const iam::Directory& directory,
                                              std::string_view partition);

struct BucketPolicy {
  iam::PolicyPointer policy;
  bool is_public = false;
};

/// Policies of buckets, parsed once each. Thread-safe; holds a bounded number of them.
class BucketPolicies {
 public:
  /// Null for a bucket without a policy. InternalError, and an entry in the log, for one that does
  /// not parse: it may deny what it cannot say any more.
  [[nodiscard]] aws::S3Outcome<std::shared_ptr<const BucketPolicy>> of(
      const std::shared_ptr<const Bucket>& bucket);

 private:
  struct Entry {
    std::shared_ptr<const Bucket> bucket;
    std::shared_ptr<const BucketPolicy> policy;
  };
  static constexpr std::size_t kMaxEntries = 256;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;  // by the bucket's name
};

}  // namespace imdsd::s3
