// SPDX-License-Identifier: MIT
// What S3 says when something is not there or not as it should be, with the elements that it adds
// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; texts as the service sends
// them, which differ from the page's by full stops). What only one parser says stands with that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/s3_error.h"

namespace imdsd::s3 {

[[nodiscard]] aws::S3Error no_such_bucket(std::string_view bucket);
[[nodiscard]] aws::S3Error invalid_bucket_name(std::string_view bucket);
/// Of a key that has more than kMaxKeyBytes.
[[nodiscard]] aws::S3Error key_too_long(std::size_t bytes);
[[nodiscard]] aws::S3Error no_such_key(std::string_view key);
[[nodiscard]] aws::S3Error no_such_upload(std::string_view upload_id);
[[nodiscard]] aws::S3Error no_such_bucket_policy(std::string_view bucket);
[[nodiscard]] aws::S3Error no_such_tag_set(std::string_view bucket);
[[nodiscard]] aws::S3Error no_such_public_access_block(std::string_view bucket);
[[nodiscard]] aws::S3Error no_ownership_controls(std::string_view bucket);
[[nodiscard]] aws::S3Error bucket_already_owned_by_you(std::string_view bucket);
[[nodiscard]] aws::S3Error bucket_already_exists(std::string_view bucket);
[[nodiscard]] aws::S3Error bucket_not_empty(std::string_view bucket);
/// "Access Denied": all that the anonymous and other accounts are told.
[[nodiscard]] aws::S3Error access_denied();
[[nodiscard]] aws::S3Error invalid_argument(std::string_view name, std::string_view value,
                                            std::string message);
[[nodiscard]] aws::S3Error invalid_request(std::string message);
[[nodiscard]] aws::S3Error malformed_xml();
/// `condition`: the header that did not hold, If-Match or another.
[[nodiscard]] aws::S3Error precondition_failed(std::string_view condition);
/// A header, or a parameter of the query or element of a document, that asks for what is not there.
[[nodiscard]] aws::S3Error not_implemented_header(std::string_view header);
[[nodiscard]] aws::S3Error not_implemented_parameter(std::string_view parameter);
/// `resource_type`: SERVICE, BUCKET, OBJECT.
[[nodiscard]] aws::S3Error method_not_allowed(std::string_view method,
                                              std::string_view resource_type);
[[nodiscard]] aws::S3Error entity_too_large(std::uint64_t proposed, std::uint64_t allowed);
[[nodiscard]] aws::S3Error invalid_part(std::string_view upload_id, std::uint32_t part_number,
                                        std::string_view etag);
[[nodiscard]] aws::S3Error invalid_part_order(std::string_view upload_id);
/// A part that is not the last, of less than 5 MiB.
[[nodiscard]] aws::S3Error part_too_small(std::uint64_t size, std::uint32_t part_number,
                                          std::string_view etag);
[[nodiscard]] aws::S3Error internal_error();

}  // namespace imdsd::s3
