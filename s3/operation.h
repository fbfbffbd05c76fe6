// SPDX-License-Identifier: MIT
// Which operation a request is: REST tells by method, by what the path names, by a subresource in
// the query and by a header (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html).
// One table. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aws/s3_error.h"
#include "base/http_message.h"
#include "s3/address.h"

namespace imdsd::s3 {

enum class Operation : std::uint8_t {
  list_buckets,
  create_bucket,
  head_bucket,
  delete_bucket,
  list_objects,
  list_objects_v2,
  delete_objects,
  get_bucket_location,
  get_bucket_versioning,
  get_bucket_encryption,
  get_bucket_acl,
  get_bucket_policy,
  put_bucket_policy,
  delete_bucket_policy,
  get_bucket_policy_status,
  get_bucket_tagging,
  put_bucket_tagging,
  delete_bucket_tagging,
  get_public_access_block,
  put_public_access_block,
  delete_public_access_block,
  get_bucket_ownership_controls,
  put_bucket_ownership_controls,
  delete_bucket_ownership_controls,
  list_multipart_uploads,
  put_object,
  copy_object,
  get_object,
  head_object,
  delete_object,
  get_object_acl,
  get_object_attributes,
  get_object_tagging,
  put_object_tagging,
  delete_object_tagging,
  create_multipart_upload,
  upload_part,
  upload_part_copy,
  complete_multipart_upload,
  abort_multipart_upload,
  list_parts,
};

enum class ResourceKind : std::uint8_t { service, bucket, object };

enum class BodyUse : std::uint8_t {
  none,      // there should be none, and it is not read
  document,  // small, read whole
  stream,    // an object's data
};

struct OperationRow {
  Operation operation;
  std::string_view name;    // ListObjectsV2: the API's and CloudTrail's name
  std::string_view action;  // s3:ListBucket: what it takes in any case; see actions_of()
  ResourceKind resource;    // of the action: the bucket's ARN or the object's
  BodyUse body = BodyUse::none;
  bool needs_checksum = false;  // Content-MD5 or x-amz-checksum-* must be there
};

/// MethodNotAllowed for a method that nothing has there; NotImplemented for the subresources and
/// operations of S3 that this service has not. Parameters that S3 ignores, as x-id, are ignored.
[[nodiscard]] aws::S3Outcome<const OperationRow*> find_operation(const base::HttpRequest& request,
                                                                 const Address& address);

/// Every action that the request needs on its own resource: the row's, and those that headers and
/// parameters ask for (s3:PutObjectAcl, s3:PutObjectTagging, s3:GetObjectVersion …). What
/// CopyObject needs of its source, and DeleteObjects of each key, is not among them.
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
[[nodiscard]] std::vector<std::string_view> actions_of(const OperationRow& row,
                                                       const base::HttpRequest& request);

/// All rows, in the order of the enumerators.
[[nodiscard]] std::span<const OperationRow> operations() noexcept;

}  // namespace imdsd::s3
