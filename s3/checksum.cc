// SPDX-License-Identifier: MIT
#include "s3/checksum.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/codec.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

struct AlgorithmRow {
  ChecksumAlgorithm algorithm;
  std::string_view name, element, header;
  std::size_t bytes;
};

// In the order of the enumerators.
constexpr std::array kAlgorithms{
    AlgorithmRow{ChecksumAlgorithm::crc32, "CRC32", "ChecksumCRC32", "x-amz-checksum-crc32", 4},
    AlgorithmRow{ChecksumAlgorithm::crc32c, "CRC32C", "ChecksumCRC32C", "x-amz-checksum-crc32c", 4},
    AlgorithmRow{ChecksumAlgorithm::crc64nvme, "CRC64NVME", "ChecksumCRC64NVME",
                 "x-amz-checksum-crc64nvme", 8},
    AlgorithmRow{ChecksumAlgorithm::sha1, "SHA1", "ChecksumSHA1", "x-amz-checksum-sha1", 20},
    AlgorithmRow{ChecksumAlgorithm::sha256, "SHA256", "ChecksumSHA256", "x-amz-checksum-sha256",
                 32},
};

constexpr std::string_view kSdkHeader = "x-amz-sdk-checksum-algorithm";

const AlgorithmRow& row_of(ChecksumAlgorithm algorithm) {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}

template <class Word>
std::string big_endian(Word value) {
  std::string out;
  for (int shift = 8 * (static_cast<int>(sizeof(Word)) - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xFF));
  }
  return out;
}

aws::S3Error invalid_value(std::string_view header, std::string_view kind) {
  return invalid_request("Value for " + std::string(header) + " " + std::string(kind) +
                         " is invalid.");
}

std::variant<base::Crc32, base::Crc32c, base::Crc64Nvme, base::MessageDigest> start_of(
    ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::crc32:
      return base::Crc32();
    case ChecksumAlgorithm::crc32c:
      return base::Crc32c();
    case ChecksumAlgorithm::crc64nvme:
      return base::Crc64Nvme();
    case ChecksumAlgorithm::sha1:
      return base::MessageDigest(base::MessageDigest::Method::sha1);
    case ChecksumAlgorithm::sha256:
      return base::MessageDigest(base::MessageDigest::Method::sha256);
  }
  return base::Crc64Nvme();
}

/// x-amz-checksum-type and x-amz-checksum-mode begin like the checksums, and are none.
bool is_of_unknown_algorithm(std::string_view name) {
  constexpr std::string_view kPrefix = "x-amz-checksum-";
  if (!base::equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix)) return false;
  const std::string rest = base::to_lower(name.substr(kPrefix.size()));
  return rest != "type" && rest != "mode" && rest != "algorithm" && !algorithm_of_header(name);
}

/// The one header with a checksum.
aws::S3Outcome<std::optional<ChecksumClaim>> claim_in_headers(const base::HttpHeaders& headers) {
  std::optional<ChecksumClaim> claim;
  for (const auto& line : headers.lines()) {
    if (is_of_unknown_algorithm(line.name)) return tl::unexpected(unsupported_checksum_algorithm());
    const auto algorithm = algorithm_of_header(line.name);
    if (!algorithm) continue;
    if (claim) {
      return tl::unexpected(
          invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are "
                          "not allowed."));
    }
    auto value = parse_checksum_value(*algorithm, line.value, ChecksumPlace::header);
    if (!value) return tl::unexpected(std::move(value).error());
    claim = ChecksumClaim{*algorithm, *std::move(value)};
  }
  return claim;
}

}  // namespace

std::string_view name_of(ChecksumAlgorithm algorithm) noexcept {
  return row_of(algorithm).name;
}

std::string_view element_of(ChecksumAlgorithm algorithm) noexcept {
  return row_of(algorithm).element;
}

std::string_view header_of(ChecksumAlgorithm algorithm) noexcept {
  return row_of(algorithm).header;
}

std::string_view name_of(ChecksumType type) noexcept {
  return type == ChecksumType::composite ? "COMPOSITE" : "FULL_OBJECT";
}

std::optional<ChecksumAlgorithm> checksum_algorithm(std::string_view name) noexcept {
  for (const auto& row : kAlgorithms) {
    if (base::equals_ignoring_case(row.name, name)) return row.algorithm;
  }
  return std::nullopt;
}

std::optional<ChecksumType> checksum_type(std::string_view name) noexcept {
  for (const auto type : {ChecksumType::composite, ChecksumType::full_object}) {
    if (base::equals_ignoring_case(name_of(type), name)) return type;
  }
  return std::nullopt;
}

std::optional<ChecksumAlgorithm> algorithm_of_header(std::string_view name) noexcept {
  for (const auto& row : kAlgorithms) {
    if (base::equals_ignoring_case(row.header, name)) return row.algorithm;
  }
  return std::nullopt;
}

ChecksumDigest::ChecksumDigest(ChecksumAlgorithm algorithm)
    : algorithm_(algorithm), state_(start_of(algorithm)) {}

void ChecksumDigest::update(std::string_view data) {
  std::visit([data](auto& state) { state.update(data); }, state_);
}

std::string ChecksumDigest::finish() {
  if (auto* const digest = std::get_if<base::MessageDigest>(&state_)) return digest->finish();
  if (const auto* const crc = std::get_if<base::Crc32>(&state_)) return big_endian(crc->value());
  if (const auto* const crc = std::get_if<base::Crc32c>(&state_)) return big_endian(crc->value());
  return big_endian(std::get<base::Crc64Nvme>(state_).value());
}

aws::S3Error unsupported_checksum_algorithm() {
  return invalid_request(
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
      "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
}

aws::S3Outcome<std::string> parse_checksum_value(ChecksumAlgorithm algorithm, std::string_view text,
                                                 ChecksumPlace place) {
  auto value = base::base64_decode(text);
  if (value && value->size() == row_of(algorithm).bytes) return *std::move(value);
  return tl::unexpected(invalid_value(
      header_of(algorithm), place == ChecksumPlace::header ? "header" : "trailing header"));
}

aws::S3Outcome<std::optional<ChecksumClaim>> parse_checksum_claim(
    const base::HttpHeaders& headers) {
  IMDSD_TRY(std::optional<ChecksumClaim> claim, claim_in_headers(headers));
  if (const auto trailer = headers.get("x-amz-trailer")) {
    const auto algorithm = algorithm_of_header(base::trim(*trailer));
    if (!algorithm) {
      return tl::unexpected(
          invalid_request("The value specified in the x-amz-trailer header is not supported"));
    }
    if (claim) {
      return tl::unexpected(
          invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are "
                          "not allowed."));
    }
    claim = ChecksumClaim{*algorithm, std::nullopt, true};
  }
  const auto named = headers.get(kSdkHeader);
  if (!named) return claim;
  const auto algorithm = checksum_algorithm(*named);
  if (!algorithm) return tl::unexpected(unsupported_checksum_algorithm());
  if (!claim) {
    return tl::unexpected(
        invalid_request("x-amz-sdk-checksum-algorithm specified, but no corresponding "
                        "x-amz-checksum-* or x-amz-trailer headers were found."));
  }
  if (claim->algorithm != *algorithm) return tl::unexpected(invalid_value(kSdkHeader, "header"));
  return claim;
}

aws::S3Error checksum_mismatch(ChecksumAlgorithm algorithm) {
  return {400, "BadDigest",
          "The " + std::string(name_of(algorithm)) +
              " you specified did not match the calculated checksum."};
}

}  // namespace imdsd::s3
