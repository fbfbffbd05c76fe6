// SPDX-License-Identifier: MIT
// What PutObject, CopyObject and CreateMultipartUpload say of an object beside its data, and how
// GetObject and HeadObject say it again. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "aws/s3_error.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// The headers and metadata of an object to be made; aws-chunked, which is of the transfer, is not
/// among its encodings. MetadataTooLarge over 2 KiB; InvalidTag of x-amz-tagging.
[[nodiscard]] aws::S3Outcome<ObjectAttributes> parse_object_attributes(
    const base::HttpHeaders& headers);

/// Whose ACL a header would set.
enum class AclOn : std::uint8_t { object, bucket };
/// AccessControlListNotSupported, InvalidBucketAclWithObjectOwnership.
[[nodiscard]] aws::S3Error acl_not_supported(AclOn target);

/// Refuses what would have to be obeyed and is not: storage classes other than STANDARD
/// (InvalidStorageClass for one that S3 has not), KMS and customers' keys, object locks, redirects,
/// ACLs but bucket-owner-full-control, which says what is so already, and private for a bucket.
[[nodiscard]] aws::S3Outcome<void> refuse_unsupported_headers(const base::HttpHeaders& headers,
                                                              AclOn target = AclOn::object);

/// ETag, Last-Modified, Accept-Ranges, the headers, metadata, encryption, x-amz-tagging-count, and
/// the checksum if x-amz-checksum-mode asks for it and no Range does without. Content-Length and
/// Content-Range are the caller's.
void add_object_headers(base::HttpHeaders& out, const Object& object,
                        const base::HttpRequest& request);
/// response-* of the query goes before what is stored: in signed requests only (InvalidRequest),
/// and no line breaks (InvalidArgument).
[[nodiscard]] aws::S3Outcome<void> apply_response_overrides(ContentHeaders& headers,
                                                            std::string_view query, bool anonymous);
/// x-amz-checksum-<alg>, x-amz-checksum-type: of PutObject, UploadPart and others.
void add_checksum_headers(base::HttpHeaders& out, const Checksum& checksum);

}  // namespace imdsd::s3
