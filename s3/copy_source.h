// SPDX-License-Identifier: MIT
// The other object, of CopyObject and UploadPartCopy.
#pragma once

#include "aws/s3_error.h"
#include "s3/context.h"
#include "s3/object_store.h"

namespace imdsd::s3 {

/// Finds and opens what x-amz-copy-source names: decided as GetObject, with GetObjectTagging where
/// `with_tags` and it has some, and held against the copy's conditions on it. NoSuchKey is told to
/// those alone who may list its bucket.
[[nodiscard]] aws::S3Outcome<ObjectStore::Opened> open_copy_source(Context& context,
                                                                   bool with_tags);

}  // namespace imdsd::s3
