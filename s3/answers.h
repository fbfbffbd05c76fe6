// SPDX-License-Identifier: MIT
// The documents that answers carry, element by element in the service's order
// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).
// ETags come without quotes and get them here. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/s3_error.h"
#include "base/clock.h"
#include "s3/bucket.h"
#include "s3/list_parameters.h"
#include "s3/listing.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// The canonical user id of an account: 64 hexadecimal digits, always the same ones.
[[nodiscard]] std::string canonical_user_id(std::string_view account_id);

[[nodiscard]] std::string list_buckets_xml(const ListBuckets& asked, const BucketPage& page,
                                           std::string_view owner_id);
[[nodiscard]] std::string list_objects_v2_xml(std::string_view bucket, const ListObjectsV2& asked,
                                              const ObjectPage& page);
[[nodiscard]] std::string list_objects_xml(std::string_view bucket, const ListObjects& asked,
                                           const ObjectPage& page);
[[nodiscard]] std::string list_multipart_uploads_xml(std::string_view bucket,
                                                     const ListMultipartUploads& asked,
                                                     const UploadPage& page);
[[nodiscard]] std::string list_parts_xml(std::string_view bucket, const Upload& upload,
                                         const ListParts& asked, const PartPage& page);

[[nodiscard]] std::string create_multipart_upload_xml(std::string_view bucket, std::string_view key,
                                                      std::string_view upload_id);
[[nodiscard]] std::string complete_multipart_upload_xml(std::string_view location,
                                                        std::string_view bucket,
                                                        std::string_view key, std::string_view etag,
                                                        const std::optional<Checksum>& checksum);
/// CopyObjectResult, or CopyPartResult for a part.
enum class CopyOf : std::uint8_t { object, part };
[[nodiscard]] std::string copy_xml(CopyOf what, std::string_view etag,
                                   base::SystemTime last_modified,
                                   const std::optional<Checksum>& checksum);

/// One key of DeleteObjects and what became of it.
struct DeletedKey {
  std::string key = {};
  std::optional<aws::S3Error> error = {};
};
[[nodiscard]] std::string delete_result_xml(const std::vector<DeletedKey>& keys, bool quiet);

/// Empty for us-east-1, as S3 has it.
[[nodiscard]] std::string location_xml(std::string_view region);
[[nodiscard]] std::string tagging_xml(const Tags& tags);
[[nodiscard]] std::string policy_status_xml(bool is_public);
[[nodiscard]] std::string public_access_block_xml(const PublicAccessBlock& block);
[[nodiscard]] std::string ownership_controls_xml(ObjectOwnership ownership);
/// Versioning was never enabled.
[[nodiscard]] std::string versioning_xml();
/// SSE-S3, which every bucket has since 2023.
[[nodiscard]] std::string encryption_xml();
/// The owner has FULL_CONTROL, and nobody else has anything.
[[nodiscard]] std::string private_acl_xml(std::string_view owner_id);

}  // namespace imdsd::s3
