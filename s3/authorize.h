// SPDX-License-Identifier: MIT
// May the caller? Each operation asks for its actions, on its own resource or on others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/arn.h"
#include "aws/s3_error.h"
#include "iam/condition_keys.h"
#include "s3/bucket.h"
#include "s3/bucket_policy.h"
#include "s3/request.h"

namespace imdsd::s3 {

/// arn:aws:s3:::bucket, or arn:aws:s3:::bucket/key.
[[nodiscard]] aws::Arn bucket_arn(const Realm& realm, std::string_view bucket);
[[nodiscard]] aws::Arn object_arn(const Realm& realm, std::string_view bucket,
                                  std::string_view key);

/// A bucket and its policy, for decisions about it and its objects.
struct DecidedBucket {
  std::shared_ptr<const Bucket> bucket;
  std::shared_ptr<const BucketPolicy> policy;  // null: it has none
};

struct Question {
  std::string_view action;                   // "s3:GetObject"
  std::optional<aws::Arn> resource = {};     // none: of ListBuckets
  const DecidedBucket* bucket = nullptr;     // null: the resource is no bucket's
  const iam::ConditionKeys* more = nullptr;  // of the action: s3:ExistingObjectTag/…
};

/// Decides for one request. What was found last is in findings(); of denials, the first: later keys
/// of a DeleteObjects, or the rest of what audit mode lets pass, do not hide it. One thread.
class Authorizer {
 public:
  explicit Authorizer(const Request& request);

  /// Nothing when it may be done. AccessDenied in S3's words: with the reason for callers of the
  /// bucket's own account, without one for all others
  /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html).
  [[nodiscard]] std::optional<aws::S3Error> refuse(const Question& question);

  [[nodiscard]] const Findings& findings() const noexcept { return findings_; }

 private:
  [[nodiscard]] iam::PolicySet policies_for(const Question& question,
                                            const std::string& resource_account) const;
  void note(iam::PolicySet policies, const iam::RequestContext& context,
            const iam::Decision& decision);

  const Request& request_;
  iam::ConditionKeys keys_;  // of every question
  Findings findings_;
};

/// The words of AccessDenied behind "User: … is not authorized to perform: ACTION on resource:
/// "ARN" ": for what is refused by other rules than policies.
[[nodiscard]] aws::S3Error denied_because(const Request& request, std::string_view action,
                                          const aws::Arn& resource, std::string_view reason);

}  // namespace imdsd::s3
