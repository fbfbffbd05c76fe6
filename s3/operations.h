// SPDX-License-Identifier: MIT
// The operations: each reads what is left to be read of its request, asks whether the caller may,
// and does it. The bucket was opened for all but the first two.
#pragma once

#include "s3/context.h"

namespace imdsd::s3 {

// buckets.cc
[[nodiscard]] Outcome list_buckets(Context& context);
[[nodiscard]] Outcome create_bucket(Context& context);
[[nodiscard]] Outcome head_bucket(Context& context);
[[nodiscard]] Outcome delete_bucket(Context& context);
[[nodiscard]] Outcome get_bucket_location(Context& context);
[[nodiscard]] Outcome get_bucket_versioning(Context& context);
[[nodiscard]] Outcome get_bucket_encryption(Context& context);
[[nodiscard]] Outcome get_bucket_acl(Context& context);

// list_objects.cc
[[nodiscard]] Outcome list_objects(Context& context);
[[nodiscard]] Outcome list_objects_v2(Context& context);

// bucket_settings.cc
[[nodiscard]] Outcome get_bucket_policy(Context& context);
[[nodiscard]] Outcome put_bucket_policy(Context& context);
[[nodiscard]] Outcome delete_bucket_policy(Context& context);
[[nodiscard]] Outcome get_bucket_policy_status(Context& context);
[[nodiscard]] Outcome get_bucket_tagging(Context& context);
[[nodiscard]] Outcome put_bucket_tagging(Context& context);
[[nodiscard]] Outcome delete_bucket_tagging(Context& context);
[[nodiscard]] Outcome get_public_access_block(Context& context);
[[nodiscard]] Outcome put_public_access_block(Context& context);
[[nodiscard]] Outcome delete_public_access_block(Context& context);
[[nodiscard]] Outcome get_bucket_ownership_controls(Context& context);
[[nodiscard]] Outcome put_bucket_ownership_controls(Context& context);
[[nodiscard]] Outcome delete_bucket_ownership_controls(Context& context);

// put_object.cc
[[nodiscard]] Outcome put_object(Context& context);
[[nodiscard]] Outcome copy_object(Context& context);

// get_object.cc
[[nodiscard]] Outcome get_object(Context& context);
[[nodiscard]] Outcome head_object(Context& context);

// get_object_attributes.cc
[[nodiscard]] Outcome get_object_attributes(Context& context);

// delete_objects.cc
[[nodiscard]] Outcome delete_object(Context& context);
[[nodiscard]] Outcome delete_objects(Context& context);

// object_tagging.cc
[[nodiscard]] Outcome get_object_tagging(Context& context);
[[nodiscard]] Outcome put_object_tagging(Context& context);
[[nodiscard]] Outcome delete_object_tagging(Context& context);
[[nodiscard]] Outcome get_object_acl(Context& context);

// upload_parts.cc, complete_upload.cc
[[nodiscard]] Outcome create_multipart_upload(Context& context);
[[nodiscard]] Outcome upload_part(Context& context);
[[nodiscard]] Outcome upload_part_copy(Context& context);
[[nodiscard]] Outcome complete_multipart_upload(Context& context);
[[nodiscard]] Outcome abort_multipart_upload(Context& context);
[[nodiscard]] Outcome list_parts(Context& context);
[[nodiscard]] Outcome list_multipart_uploads(Context& context);

}  // namespace imdsd::s3
