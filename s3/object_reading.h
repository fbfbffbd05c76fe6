// SPDX-License-Identifier: MIT
// What the operations that read an object have in common.
#pragma once

#include <string_view>

#include "aws/s3_error.h"
#include "iam/condition_keys.h"
#include "s3/context.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// versionId: of a bucket without versions, `null` alone.
[[nodiscard]] aws::S3Outcome<void> check_version(const Context& context);

/// s3:ExistingObjectTag/* of an object.
[[nodiscard]] iam::ConditionKeys existing_tag_keys(const Object& object);

/// The object that the address names, once the caller may do the operation to it. `asked`: tags
/// that the request wants it to have.
[[nodiscard]] aws::S3Outcome<Object> authorized_object(Context& context, Index::Detail detail,
                                                       const Tags& asked = {});

/// Why there is no such object, for a caller who may read it if there is: that it is not there is
/// told to those who may list the bucket, and to others that they may not
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
[[nodiscard]] aws::S3Error missing_key(Context& context, const DecidedBucket& bucket,
                                       std::string_view key);

}  // namespace imdsd::s3
