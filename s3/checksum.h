// SPDX-License-Identifier: MIT
// Checksums of objects
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "aws/s3_error.h"
#include "base/crc.h"
#include "base/http_message.h"
#include "base/message_digest.h"
#include "s3/object.h"

namespace imdsd::s3 {

/// "CRC64NVME"; "ChecksumCRC64NVME" in documents; "x-amz-checksum-crc64nvme".
[[nodiscard]] std::string_view name_of(ChecksumAlgorithm algorithm) noexcept;
[[nodiscard]] std::string_view element_of(ChecksumAlgorithm algorithm) noexcept;
[[nodiscard]] std::string_view header_of(ChecksumAlgorithm algorithm) noexcept;
/// FULL_OBJECT, COMPOSITE.
[[nodiscard]] std::string_view name_of(ChecksumType type) noexcept;
/// Without regard to case, as S3.
[[nodiscard]] std::optional<ChecksumAlgorithm> checksum_algorithm(std::string_view name) noexcept;
[[nodiscard]] std::optional<ChecksumType> checksum_type(std::string_view name) noexcept;
[[nodiscard]] std::optional<ChecksumAlgorithm> algorithm_of_header(std::string_view name) noexcept;

/// Of data that comes in pieces.
class ChecksumDigest {
 public:
  explicit ChecksumDigest(ChecksumAlgorithm algorithm);
  void update(std::string_view data);
  /// Raw bytes: of a CRC big-endian. Once.
  [[nodiscard]] std::string finish();
  [[nodiscard]] ChecksumAlgorithm algorithm() const noexcept { return algorithm_; }

 private:
  ChecksumAlgorithm algorithm_;
  std::variant<base::Crc32, base::Crc32c, base::Crc64Nvme, base::MessageDigest> state_;
};

/// What a request says of the checksum of its body.
struct ChecksumClaim {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::crc64nvme;
  std::optional<std::string> value = {};  // raw; nothing: it comes as a trailer, or not at all
  bool in_trailer = false;
  friend bool operator==(const ChecksumClaim&, const ChecksumClaim&) = default;
};

/// From x-amz-checksum-*, x-amz-trailer, x-amz-sdk-checksum-algorithm. Nothing when it has none of
/// them. InvalidRequest for a value that is no base64 or of another length, for two checksums, for
/// an unknown algorithm, for a trailer that is no checksum, for an algorithm without its checksum.
[[nodiscard]] aws::S3Outcome<std::optional<ChecksumClaim>> parse_checksum_claim(
    const base::HttpHeaders& headers);

enum class ChecksumPlace : std::uint8_t { header, trailer };
/// The raw bytes that `text` stands for.
[[nodiscard]] aws::S3Outcome<std::string> parse_checksum_value(ChecksumAlgorithm algorithm,
                                                               std::string_view text,
                                                               ChecksumPlace place);
[[nodiscard]] aws::S3Error unsupported_checksum_algorithm();
/// BadDigest: "The CRC32 you specified did not match the calculated checksum."
[[nodiscard]] aws::S3Error checksum_mismatch(ChecksumAlgorithm algorithm);

}  // namespace imdsd::s3
