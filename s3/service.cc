// SPDX-License-Identifier: MIT
#include "s3/service.h"

#include <utility>

#include "s3/operations.h"

namespace imdsd::s3 {
namespace {

using Handler = Outcome (*)(Context&);

Handler handler_of(Operation operation) {
  switch (operation) {
    case Operation::list_buckets:
      return list_buckets;
    case Operation::create_bucket:
      return create_bucket;
    case Operation::head_bucket:
      return head_bucket;
    case Operation::delete_bucket:
      return delete_bucket;
    case Operation::list_objects:
      return list_objects;
    case Operation::list_objects_v2:
      return list_objects_v2;
    case Operation::delete_objects:
      return delete_objects;
    case Operation::get_bucket_location:
      return get_bucket_location;
    case Operation::get_bucket_versioning:
      return get_bucket_versioning;
    case Operation::get_bucket_encryption:
      return get_bucket_encryption;
    case Operation::get_bucket_acl:
      return get_bucket_acl;
    case Operation::get_bucket_policy:
      return get_bucket_policy;
    case Operation::put_bucket_policy:
      return put_bucket_policy;
    case Operation::delete_bucket_policy:
      return delete_bucket_policy;
    case Operation::get_bucket_policy_status:
      return get_bucket_policy_status;
    case Operation::get_bucket_tagging:
      return get_bucket_tagging;
    case Operation::put_bucket_tagging:
      return put_bucket_tagging;
    case Operation::delete_bucket_tagging:
      return delete_bucket_tagging;
    case Operation::get_public_access_block:
      return get_public_access_block;
    case Operation::put_public_access_block:
      return put_public_access_block;
    case Operation::delete_public_access_block:
      return delete_public_access_block;
    case Operation::get_bucket_ownership_controls:
      return get_bucket_ownership_controls;
    case Operation::put_bucket_ownership_controls:
      return put_bucket_ownership_controls;
    case Operation::delete_bucket_ownership_controls:
      return delete_bucket_ownership_controls;
    case Operation::list_multipart_uploads:
      return list_multipart_uploads;
    case Operation::put_object:
      return put_object;
    case Operation::copy_object:
      return copy_object;
    case Operation::get_object:
      return get_object;
    case Operation::head_object:
      return head_object;
    case Operation::delete_object:
      return delete_object;
    case Operation::get_object_acl:
      return get_object_acl;
    case Operation::get_object_tagging:
      return get_object_tagging;
    case Operation::put_object_tagging:
      return put_object_tagging;
    case Operation::delete_object_tagging:
      return delete_object_tagging;
    case Operation::create_multipart_upload:
      return create_multipart_upload;
    case Operation::upload_part:
      return upload_part;
    case Operation::upload_part_copy:
      return upload_part_copy;
    case Operation::complete_multipart_upload:
      return complete_multipart_upload;
    case Operation::abort_multipart_upload:
      return abort_multipart_upload;
    case Operation::list_parts:
      return list_parts;
    case Operation::get_object_attributes:
      return get_object_attributes;
  }
  return nullptr;  // there is no other
}

bool needs_bucket(Operation operation) {
  return operation != Operation::list_buckets && operation != Operation::create_bucket;
}

Outcome run(Context& context) {
  const Operation operation = context.request.operation.operation;
  if (needs_bucket(operation)) IMDSD_TRY_VOID(context.open_bucket());
  Outcome outcome = handler_of(operation)(context);
  if (!context.bucket.bucket) return outcome;
  const Bucket& bucket = *context.bucket.bucket;
  if (!outcome) {
    outcome.error().bucket_region = bucket.region;
  } else if (context.request.operation.resource == ResourceKind::bucket) {
    outcome->headers.set("x-amz-bucket-region", bucket.region);
  }
  return outcome;
}

}  // namespace

bool Service::answers_from_memory(const OperationRow& operation, const Address& address) const {
  switch (operation.operation) {
    case Operation::get_object:
      return store_.remembers(address.bucket, address.key);
    case Operation::head_object:
      return index_.remembered(address.bucket, address.key) != nullptr;
    default:
      return false;
  }
}

Service::Answer Service::handle(Request& request) {
  Context context(request, {index_, store_, policies_, random_});
  Outcome outcome = run(context);
  return {std::move(outcome), context.findings()};
}

}  // namespace imdsd::s3
