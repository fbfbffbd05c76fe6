// SPDX-License-Identifier: MIT
#include "store/s3_text.h"

#include <gtest/gtest.h>

namespace imdsd::store {
namespace {

TEST(S3Text, KeepsAnyBytesInOrder) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const Pairs pairs{{"b", every_byte}, {"a", ""}, {"b", "again"}, {every_byte, "x"}};
  const std::string text = encode_pairs(pairs);
  EXPECT_EQ(*decode_pairs(text), pairs);
  EXPECT_EQ(encode_pairs({{"a b", "1&2=3"}}), "a%20b=1%262%3D3");
  EXPECT_EQ(*decode_pairs(""), Pairs());
  for (std::size_t size = 0; size < text.size(); ++size) {
    // Cut off at an escape it is refused; elsewhere it is shorter.
    const auto cut = decode_pairs(std::string_view(text).substr(0, size));
    EXPECT_TRUE(cut || cut.error().code == base::Errc::corrupt);
    EXPECT_NE(cut ? *cut : Pairs(), pairs) << size;
  }
}

TEST(S3Text, KeepsHeadersByTheirNames) {
  s3::ContentHeaders headers;
  headers.content_type = "text/plain";
  headers.expires = "0";
  EXPECT_EQ(encode_headers(headers), "content-type=text%2Fplain&expires=0");
  EXPECT_EQ(*decode_headers(encode_headers(headers)), headers);
  EXPECT_FALSE(decode_headers("content-kind=x"));
}

TEST(S3Text, KeepsChecksums) {
  const s3::Checksum checksum{s3::ChecksumAlgorithm::crc64nvme, s3::ChecksumType::full_object,
                              "M3eFcAZSQlc="};
  EXPECT_EQ(encode_checksum(checksum), "CRC64NVME FULL_OBJECT M3eFcAZSQlc=");
  EXPECT_EQ(*decode_checksum("CRC64NVME FULL_OBJECT M3eFcAZSQlc="), checksum);
  EXPECT_EQ(encode_checksum(std::nullopt), "");
  EXPECT_EQ(*decode_checksum(""), std::nullopt);
  for (const char* text : {"CRC64NVME", "CRC64NVME FULL_OBJECT", "CRC64 FULL_OBJECT x",
                           "CRC64NVME HALF_OBJECT x", " "}) {
    EXPECT_FALSE(decode_checksum(text)) << text;
  }
}

}  // namespace
}  // namespace imdsd::store
