// SPDX-License-Identifier: MIT
// The documents that requests carry; tags have theirs in s3/tags.h. MalformedXML for what is not
// well-formed, has an element too many or too few, or one of another namespace than S3's or none.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/s3_error.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// What bodies of these documents are bounded by: 1,000 keys of 1,024 bytes, each as entities, and
/// 10,000 parts with their checksums fit.
inline constexpr std::size_t kMaxDocumentBytes = 8ULL << 20;

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
struct DeleteDocument {
  struct Object {
    std::string key = {};
    std::string version_id = {};  // empty: none
    std::string etag = {};        // no quotes; empty: whichever
  };
  bool quiet = false;
  std::vector<Object> objects = {};  // 1 to 1,000
};
[[nodiscard]] aws::S3Outcome<DeleteDocument> parse_delete(std::string_view xml);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct CompletedPart {
  std::uint32_t part_number = 0;
  std::string etag = {};  // no quotes
  std::optional<Checksum> checksum = {};
};
/// "You must specify at least one part", InvalidPartOrder is the caller's, who knows the upload.
[[nodiscard]] aws::S3Outcome<std::vector<CompletedPart>> parse_complete_multipart_upload(
    std::string_view xml);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html; an empty body is an empty
/// configuration.
struct CreateBucketDocument {
  std::optional<std::string> location_constraint = {};
  Tags tags = {};
};
[[nodiscard]] aws::S3Outcome<CreateBucketDocument> parse_create_bucket(std::string_view xml);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html; what is
/// left out is false.
[[nodiscard]] aws::S3Outcome<PublicAccessBlock> parse_public_access_block(std::string_view xml);

/// "BucketOwnerEnforced".
[[nodiscard]] std::string_view name_of(ObjectOwnership ownership) noexcept;
[[nodiscard]] std::optional<ObjectOwnership> object_ownership(std::string_view name) noexcept;
[[nodiscard]] aws::S3Outcome<ObjectOwnership> parse_ownership_controls(std::string_view xml);

}  // namespace imdsd::s3
