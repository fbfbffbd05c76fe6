// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.h"
#include "s3/bucket_policy.h"
#include "s3/context.h"
#include "s3/index.h"
#include "s3/object_store.h"
#include "s3/request.h"

namespace imdsd::s3 {

/// S3's operations (https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html) on the buckets of
/// one index. Thread-safe. Calls wait for the disk; those that take an object's data read
/// `request.http.reader`, and answers to GetObject may have a source that reads files.
class Service {
 public:
  /// All of them outlive it, and answers with a source as well.
  Service(Index& index, ObjectStore& store, base::Random& random)
      : index_(index), store_(store), random_(random) {}

  struct Answer {
    Outcome response;
    Findings findings;
  };
  /// True when handle() need not wait for the disk, nor work long: an object that is small, and was
  /// read before, is to be read. Others may make it wrong before handle() is called.
  [[nodiscard]] bool answers_from_memory(const OperationRow& operation,
                                         const Address& address) const;
  /// Decides, and does it. `request.chunk_signatures` is used up.
  [[nodiscard]] Answer handle(Request& request);

 private:
  Index& index_;
  ObjectStore& store_;
  base::Random& random_;
  BucketPolicies policies_;
};

}  // namespace imdsd::s3
