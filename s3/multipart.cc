// SPDX-License-Identifier: MIT
#include "s3/multipart.h"

#include <charconv>

#include "base/codec.h"
#include "base/crc.h"
#include "base/message_digest.h"
#include "s3/checksum.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

std::string raw_checksum(const Part& part) {
  return part.checksum ? base::base64_decode(part.checksum->value).value_or("") : std::string();
}

template <class Word>
Word word_of(std::string_view big_endian) {
  Word out = 0;
  for (const char c : big_endian) out = static_cast<Word>(out << 8) | static_cast<unsigned char>(c);
  return out;
}

template <class Word>
std::string big_endian(Word word) {
  std::string out(sizeof(Word), '\0');
  for (auto at = out.rbegin(); at != out.rend(); ++at, word >>= 8) {
    *at = static_cast<char>(word & 0xFF);
  }
  return out;
}

template <class Word>
std::string combined(std::span<const Part> parts, Word (*combine)(Word, Word, std::uint64_t)) {
  Word out = 0;
  for (const auto& part : parts) out = combine(out, word_of<Word>(raw_checksum(part)), part.size);
  return big_endian(out);
}

std::string full_object(ChecksumAlgorithm algorithm, std::span<const Part> parts) {
  if (algorithm == ChecksumAlgorithm::crc32) {
    return combined<std::uint32_t>(
        parts, [](auto a, auto b, auto size) { return base::crc32_combine(a, b, size); });
  }
  if (algorithm == ChecksumAlgorithm::crc32c) {
    return combined<std::uint32_t>(
        parts, [](auto a, auto b, auto size) { return base::crc32c_combine(a, b, size); });
  }
  return combined<std::uint64_t>(
      parts, [](auto a, auto b, auto size) { return base::crc64nvme_combine(a, b, size); });
}

bool is_sha(ChecksumAlgorithm algorithm) {
  return algorithm == ChecksumAlgorithm::sha1 || algorithm == ChecksumAlgorithm::sha256;
}

}  // namespace

aws::S3Outcome<UploadChecksum> parse_upload_checksum(const base::HttpHeaders& headers) {
  const auto named = headers.get("x-amz-checksum-algorithm");
  const auto typed = headers.get("x-amz-checksum-type");
  if (!named) {
    if (!typed) return UploadChecksum{};
    return tl::unexpected(invalid_request(
        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm "
        "header."));
  }
  const auto algorithm = checksum_algorithm(*named);
  if (!algorithm) return tl::unexpected(unsupported_checksum_algorithm());
  const bool is_crc64 = *algorithm == ChecksumAlgorithm::crc64nvme;
  UploadChecksum out{algorithm, is_crc64 ? ChecksumType::full_object : ChecksumType::composite};
  if (!typed) return out;
  const auto type = checksum_type(*typed);
  if (!type) {
    return tl::unexpected(invalid_request("Value for x-amz-checksum-type header is invalid."));
  }
  out.type = *type;
  const bool fits = *type == ChecksumType::composite ? !is_crc64 : !is_sha(*algorithm);
  if (fits) return out;
  return tl::unexpected(invalid_request(
      "The " + std::string(name_of(*type)) + " checksum type cannot be used with the " +
      base::to_lower(name_of(*algorithm)) + " checksum algorithm."));
}

aws::S3Outcome<std::uint32_t> parse_part_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && number >= 1 && number <= kMaxPartNumber) return number;
  return tl::unexpected(invalid_argument(
      "partNumber", text, "Part number must be an integer between 1 and 10000, inclusive"));
}

std::string multipart_etag(std::span<const Part> parts) {
  base::MessageDigest digest(base::MessageDigest::Method::md5);
  for (const auto& part : parts) digest.update(base::hex_decode(part.etag).value_or(""));
  return base::hex_encode(digest.finish()) + "-" + std::to_string(parts.size());
}

Checksum multipart_checksum(const UploadChecksum& kind, std::span<const Part> parts) {
  const auto algorithm = kind.algorithm.value_or(ChecksumAlgorithm::crc64nvme);
  if (kind.type == ChecksumType::full_object) {
    return {algorithm, kind.type, base::base64_encode(full_object(algorithm, parts))};
  }
  ChecksumDigest digest(algorithm);
  for (const auto& part : parts) digest.update(raw_checksum(part));
  return {algorithm, kind.type,
          base::base64_encode(digest.finish()) + "-" + std::to_string(parts.size())};
}

}  // namespace imdsd::s3
