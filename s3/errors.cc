// SPDX-License-Identifier: MIT
#include "s3/errors.h"

#include <utility>

#include "s3/address.h"

namespace imdsd::s3 {
namespace {

using aws::S3Error;

std::string text(std::string_view view) {
  return std::string(view);
}

}  // namespace

S3Error no_such_bucket(std::string_view bucket) {
  return {
      404, "NoSuchBucket", "The specified bucket does not exist", {{"BucketName", text(bucket)}}};
}

S3Error invalid_bucket_name(std::string_view bucket) {
  return {400,
          "InvalidBucketName",
          "The specified bucket is not valid.",
          {{"BucketName", text(bucket)}}};
}

S3Error key_too_long(std::size_t bytes) {
  return {400,
          "KeyTooLongError",
          "Your key is too long",
          {{"Size", std::to_string(bytes)}, {"MaxSizeAllowed", std::to_string(kMaxKeyBytes)}}};
}

S3Error no_such_key(std::string_view key) {
  return {404, "NoSuchKey", "The specified key does not exist.", {{"Key", text(key)}}};
}

S3Error no_such_upload(std::string_view upload_id) {
  return {
      404,
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have "
      "been aborted or completed.",
      {{"UploadId", text(upload_id)}}};
}

S3Error no_such_bucket_policy(std::string_view bucket) {
  return {404,
          "NoSuchBucketPolicy",
          "The bucket policy does not exist",
          {{"BucketName", text(bucket)}}};
}

S3Error no_such_tag_set(std::string_view bucket) {
  return {404, "NoSuchTagSet", "The TagSet does not exist", {{"BucketName", text(bucket)}}};
}

S3Error no_such_public_access_block(std::string_view bucket) {
  return {404,
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          {{"BucketName", text(bucket)}}};
}

S3Error no_ownership_controls(std::string_view bucket) {
  return {404,
          "OwnershipControlsNotFoundError",
          "The bucket ownership controls were not found",
          {{"BucketName", text(bucket)}}};
}

S3Error bucket_already_owned_by_you(std::string_view bucket) {
  return {409,
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
          {{"BucketName", text(bucket)}}};
}

S3Error bucket_already_exists(std::string_view bucket) {
  return {409,
          "BucketAlreadyExists",
          "The requested bucket name is not available. The bucket namespace is shared by all users "
          "of the system. Please select a different name and try again.",
          {{"BucketName", text(bucket)}}};
}

S3Error bucket_not_empty(std::string_view bucket) {
  return {409,
          "BucketNotEmpty",
          "The bucket you tried to delete is not empty",
          {{"BucketName", text(bucket)}}};
}

S3Error access_denied() {
  return {403, "AccessDenied", "Access Denied"};
}

S3Error invalid_argument(std::string_view name, std::string_view value, std::string message) {
  return {400,
          "InvalidArgument",
          std::move(message),
          {{"ArgumentName", text(name)}, {"ArgumentValue", text(value)}}};
}

S3Error invalid_request(std::string message) {
  return {400, "InvalidRequest", std::move(message)};
}

S3Error malformed_xml() {
  return {400, "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published "
          "schema"};
}

S3Error precondition_failed(std::string_view condition) {
  return {412,
          "PreconditionFailed",
          "At least one of the pre-conditions you specified did not hold",
          {{"Condition", text(condition)}}};
}

S3Error not_implemented_header(std::string_view header) {
  return {501,
          "NotImplemented",
          "A header you provided implies functionality that is not implemented",
          {{"Header", text(header)}}};
}

S3Error not_implemented_parameter(std::string_view parameter) {
  return {
      501, "NotImplemented",
      "A parameter you provided implies functionality that is not implemented: " + text(parameter)};
}

S3Error method_not_allowed(std::string_view method, std::string_view resource_type) {
  return {405,
          "MethodNotAllowed",
          "The specified method is not allowed against this resource.",
          {{"Method", text(method)}, {"ResourceType", text(resource_type)}}};
}

S3Error entity_too_large(std::uint64_t proposed, std::uint64_t allowed) {
  return {
      400,
      "EntityTooLarge",
      "Your proposed upload exceeds the maximum allowed size",
      {{"ProposedSize", std::to_string(proposed)}, {"MaxSizeAllowed", std::to_string(allowed)}}};
}

S3Error invalid_part(std::string_view upload_id, std::uint32_t part_number, std::string_view etag) {
  return {400,
          "InvalidPart",
          "One or more of the specified parts could not be found.  The part may not have been "
          "uploaded, or the specified entity tag may not match the part's entity tag.",
          {{"UploadId", text(upload_id)},
           {"PartNumber", std::to_string(part_number)},
           {"ETag", text(etag)}}};
}

S3Error invalid_part_order(std::string_view upload_id) {
  return {400,
          "InvalidPartOrder",
          "The list of parts was not in ascending order. Parts must be ordered by part number.",
          {{"UploadId", text(upload_id)}}};
}

S3Error part_too_small(std::uint64_t size, std::uint32_t part_number, std::string_view etag) {
  constexpr std::uint64_t kMinPartBytes = 5ULL << 20;
  return {400,
          "EntityTooSmall",
          "Your proposed upload is smaller than the minimum allowed size",
          {{"ProposedSize", std::to_string(size)},
           {"MinSizeAllowed", std::to_string(kMinPartBytes)},
           {"PartNumber", std::to_string(part_number)},
           {"ETag", text(etag)}}};
}

S3Error internal_error() {
  return {500, "InternalError", "We encountered an internal error. Please try again."};
}

}  // namespace imdsd::s3
