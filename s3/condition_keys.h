// SPDX-License-Identifier: MIT
// The condition keys of S3 that a request's own head gives
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
#pragma once

#include "iam/condition_keys.h"
#include "s3/bucket.h"
#include "s3/request.h"

namespace imdsd::s3 {

/// s3:authType, s3:signatureversion, s3:signatureAge, s3:x-amz-*, s3:prefix and the like.
void add_request_keys(const Request& request, iam::ConditionKeys& keys);

/// s3:ExistingObjectTag/*: of an object that is there.
void add_existing_tags(const Tags& tags, iam::ConditionKeys& keys);
/// s3:RequestObjectTag/*, s3:RequestObjectTagKeys.
void add_request_tags(const Tags& tags, iam::ConditionKeys& keys);

}  // namespace imdsd::s3
