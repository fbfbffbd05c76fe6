// SPDX-License-Identifier: MIT
#include "s3/checksum.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

base::HttpHeaders headers(const Lines& lines) {
  base::HttpHeaders out;
  for (const auto& [name, value] : lines) out.add(name, value);
  return out;
}

std::string checksum_of(ChecksumAlgorithm algorithm, std::string_view data) {
  ChecksumDigest digest(algorithm);
  for (const char c : data) digest.update({&c, 1});
  return base::base64_encode(digest.finish());
}

// Of "hello", as `openssl dgst` and the SDKs' CRT compute them.
TEST(ChecksumDigest, IsWhatTheHeadersCarry) {
  EXPECT_EQ(checksum_of(ChecksumAlgorithm::crc32, "hello"), "NhCmhg==");
  EXPECT_EQ(checksum_of(ChecksumAlgorithm::crc32c, "hello"), "mnG7TA==");
  EXPECT_EQ(checksum_of(ChecksumAlgorithm::crc64nvme, "hello"), "M3eFcAZSQlc=");
  EXPECT_EQ(checksum_of(ChecksumAlgorithm::crc64nvme, ""), "AAAAAAAAAAA=");
  EXPECT_EQ(checksum_of(ChecksumAlgorithm::sha1, "hello"), "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
  EXPECT_EQ(checksum_of(ChecksumAlgorithm::sha256, "hello"),
            "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
}

TEST(ChecksumAlgorithm, IsFoundByItsNames) {
  for (const auto algorithm :
       {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c, ChecksumAlgorithm::crc64nvme,
        ChecksumAlgorithm::sha1, ChecksumAlgorithm::sha256}) {
    EXPECT_EQ(checksum_algorithm(name_of(algorithm)), algorithm);
    EXPECT_EQ(algorithm_of_header(header_of(algorithm)), algorithm);
    EXPECT_EQ(element_of(algorithm), "Checksum" + std::string(name_of(algorithm)));
  }
  EXPECT_EQ(checksum_algorithm("crc64nvme"), ChecksumAlgorithm::crc64nvme);
  EXPECT_EQ(checksum_algorithm("MD4"), std::nullopt);
  EXPECT_EQ(checksum_type("COMPOSITE"), ChecksumType::composite);
  EXPECT_EQ(checksum_type("full_object"), ChecksumType::full_object);
  EXPECT_EQ(checksum_type("PARTIAL"), std::nullopt);
}

struct ClaimCase {
  std::string_view name;
  Lines lines;
  std::optional<ChecksumClaim> claim;
};
void PrintTo(const ClaimCase& c, std::ostream* out) {
  *out << c.name;
}

class ParseChecksumClaim : public testing::TestWithParam<ClaimCase> {};

TEST_P(ParseChecksumClaim, FindsTheOne) {
  const auto found = parse_checksum_claim(headers(GetParam().lines));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, GetParam().claim);
}

const std::string kRawCrc32 = "\x36\x10\xa6\x86";

INSTANTIATE_TEST_SUITE_P(
    Cases, ParseChecksumClaim,
    testing::Values(
        ClaimCase{"nothing", {{"Host", "x"}, {"x-amz-checksum-mode", "ENABLED"}}, std::nullopt},
        ClaimCase{"header",
                  {{"X-Amz-Checksum-CRC32", "NhCmhg=="}},
                  ChecksumClaim{ChecksumAlgorithm::crc32, kRawCrc32, false}},
        ClaimCase{"header_that_the_sdk_names",
                  {{"x-amz-sdk-checksum-algorithm", "CRC32"}, {"x-amz-checksum-crc32", "NhCmhg=="}},
                  ChecksumClaim{ChecksumAlgorithm::crc32, kRawCrc32, false}},
        ClaimCase{"trailer",
                  {{"x-amz-sdk-checksum-algorithm", "CRC64NVME"},
                   {"X-Amz-Trailer", "x-amz-checksum-crc64nvme"}},
                  ChecksumClaim{ChecksumAlgorithm::crc64nvme, std::nullopt, true}}),
    [](const auto& test) { return std::string(test.param.name); });

struct BadClaim {
  std::string_view name;
  Lines lines;
  std::string_view message;
};
void PrintTo(const BadClaim& c, std::ostream* out) {
  *out << c.name;
}

class RefuseChecksumClaim : public testing::TestWithParam<BadClaim> {};

TEST_P(RefuseChecksumClaim, SaysWhy) {
  const auto found = parse_checksum_claim(headers(GetParam().lines));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().status, 400);
  EXPECT_EQ(found.error().code, "InvalidRequest");
  EXPECT_EQ(found.error().message, GetParam().message);
}

constexpr std::string_view kOneOnly =
    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
constexpr std::string_view kUnsupported =
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
    "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]";

INSTANTIATE_TEST_SUITE_P(
    Cases, RefuseChecksumClaim,
    testing::Values(
        BadClaim{"no_base64",
                 {{"x-amz-checksum-crc32", "not base64"}},
                 "Value for x-amz-checksum-crc32 header is invalid."},
        BadClaim{"too_long",
                 {{"x-amz-checksum-sha1", "M3eFcAZSQlc="}},
                 "Value for x-amz-checksum-sha1 header is invalid."},
        BadClaim{"two_headers",
                 {{"x-amz-checksum-crc32", "NhCmhg=="}, {"x-amz-checksum-crc32c", "mnG7TA=="}},
                 kOneOnly},
        BadClaim{"header_and_trailer",
                 {{"x-amz-checksum-crc32", "NhCmhg=="}, {"x-amz-trailer", "x-amz-checksum-crc32"}},
                 kOneOnly},
        BadClaim{"unknown_header", {{"x-amz-checksum-xxhash3", "M3eFcAZSQlc="}}, kUnsupported},
        BadClaim{"unknown_to_the_sdk_header",
                 {{"x-amz-sdk-checksum-algorithm", "XXHASH3"}},
                 kUnsupported},
        BadClaim{"trailer_that_is_no_checksum",
                 {{"x-amz-trailer", "x-amz-meta-a"}},
                 "The value specified in the x-amz-trailer header is not supported"},
        BadClaim{"algorithm_alone",
                 {{"x-amz-sdk-checksum-algorithm", "CRC32"}},
                 "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                 "x-amz-trailer headers were found."},
        BadClaim{"algorithm_of_another",
                 {{"x-amz-sdk-checksum-algorithm", "CRC32C"}, {"x-amz-checksum-crc32", "NhCmhg=="}},
                 "Value for x-amz-sdk-checksum-algorithm header is invalid."}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace imdsd::s3
