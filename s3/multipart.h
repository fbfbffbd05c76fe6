// SPDX-License-Identifier: MIT
// What becomes of the digests of parts when an upload is completed: no data is read again
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/s3_error.h"
#include "base/http_message.h"
#include "s3/object.h"

namespace imdsd::s3 {

inline constexpr std::uint32_t kMaxPartNumber = 10'000;
inline constexpr std::uint64_t kMinPartBytes = 5ULL << 20;  // of all but the last
inline constexpr std::uint64_t kMaxPartBytes = 5ULL << 30;
/// 48.8 TiB, since December 2025.
inline constexpr std::uint64_t kMaxObjectBytes = kMaxPartBytes * kMaxPartNumber;
/// Of a single PutObject and of a copy in one step.
inline constexpr std::uint64_t kMaxPutBytes = 5ULL << 30;

/// What x-amz-checksum-algorithm and x-amz-checksum-type of CreateMultipartUpload ask for. Without
/// an algorithm S3 computes a full-object CRC64NVME, does not echo it, and Complete need not name
/// any.
struct UploadChecksum {
  std::optional<ChecksumAlgorithm> algorithm = {};
  ChecksumType type = ChecksumType::full_object;
  friend bool operator==(const UploadChecksum&, const UploadChecksum&) = default;
};
/// InvalidRequest.
[[nodiscard]] aws::S3Outcome<UploadChecksum> parse_upload_checksum(
    const base::HttpHeaders& headers);

/// InvalidArgument "Part number must be an integer between 1 and 10000, inclusive".
[[nodiscard]] aws::S3Outcome<std::uint32_t> parse_part_number(std::string_view text);

/// MD5 of the parts' MD5, in hexadecimal, and `-N`; no quotes.
[[nodiscard]] std::string multipart_etag(std::span<const Part> parts);
/// COMPOSITE: the checksum of the parts' checksums, and `-N`; FULL_OBJECT: that of the whole data,
/// from those of the parts and their lengths (CRCs alone). Each part has a checksum of the upload's
/// algorithm, or of CRC64NVME if that has none.
[[nodiscard]] Checksum multipart_checksum(const UploadChecksum& kind, std::span<const Part> parts);

}  // namespace imdsd::s3
