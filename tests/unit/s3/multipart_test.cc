// SPDX-License-Identifier: MIT
#include "s3/multipart.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "base/message_digest.h"
#include "s3/checksum.h"

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
  digest.update(data);
  return base::base64_encode(digest.finish());
}

Part part_of(ChecksumAlgorithm algorithm, std::string_view data) {
  Part part;
  part.size = data.size();
  part.etag = base::hex_encode(base::md5(data));
  part.checksum = Checksum{algorithm, ChecksumType::full_object, checksum_of(algorithm, data)};
  return part;
}

// As the service was seen to compute them: three parts of which two are alike.
TEST(Multipart, HasTheCompositeValuesOfTheService) {
  const auto part = [](std::string etag, std::string checksum) {
    Part out;
    out.etag = std::move(etag);
    out.checksum =
        Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, std::move(checksum)};
    return out;
  };
  const std::vector<Part> parts{part("c4c753e69bb853187f5854c46cf801c6", "NRU+Sw=="),
                                part("c4c753e69bb853187f5854c46cf801c6", "NRU+Sw=="),
                                part("e09c80c42fda55f9d992e59ca6b3307d", "TBHN8A==")};
  EXPECT_EQ(multipart_etag(parts), "4d45984fc3feb2ac9b22683c49674b56-3");
  EXPECT_EQ(multipart_checksum({ChecksumAlgorithm::crc32, ChecksumType::composite}, parts),
            (Checksum{ChecksumAlgorithm::crc32, ChecksumType::composite, "5FRUiw==-3"}));
}

TEST(Multipart, FullObjectChecksumIsThatOfTheWholeData) {
  const std::string first(5000, 'a'), second(3, 'b'), third = "and more";
  for (const auto algorithm :
       {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c, ChecksumAlgorithm::crc64nvme}) {
    const std::vector<Part> parts{part_of(algorithm, first), part_of(algorithm, second),
                                  part_of(algorithm, ""), part_of(algorithm, third)};
    EXPECT_EQ(multipart_checksum({algorithm, ChecksumType::full_object}, parts),
              (Checksum{algorithm, ChecksumType::full_object,
                        checksum_of(algorithm, first + second + third)}));
  }
  const std::vector<Part> parts{part_of(ChecksumAlgorithm::crc64nvme, first)};
  EXPECT_EQ(multipart_checksum({}, parts).value, checksum_of(ChecksumAlgorithm::crc64nvme, first))
      << "without an algorithm it is CRC64NVME";
}

TEST(ParseUploadChecksum, HasTheDefaultsOfTheService) {
  const auto parsed = [](const Lines& lines) { return *parse_upload_checksum(headers(lines)); };
  EXPECT_EQ(parsed({}), (UploadChecksum{std::nullopt, ChecksumType::full_object}));
  for (const auto& [name, algorithm, type] :
       {std::tuple{"CRC32", ChecksumAlgorithm::crc32, ChecksumType::composite},
        std::tuple{"CRC32C", ChecksumAlgorithm::crc32c, ChecksumType::composite},
        std::tuple{"SHA1", ChecksumAlgorithm::sha1, ChecksumType::composite},
        std::tuple{"SHA256", ChecksumAlgorithm::sha256, ChecksumType::composite},
        std::tuple{"CRC64NVME", ChecksumAlgorithm::crc64nvme, ChecksumType::full_object}}) {
    EXPECT_EQ(parsed({{"x-amz-checksum-algorithm", name}}), (UploadChecksum{algorithm, type}));
  }
  EXPECT_EQ(
      parsed({{"x-amz-checksum-algorithm", "CRC32C"}, {"x-amz-checksum-type", "FULL_OBJECT"}}),
      (UploadChecksum{ChecksumAlgorithm::crc32c, ChecksumType::full_object}));
}

TEST(ParseUploadChecksum, RefusesWhatCannotBe) {
  const auto message = [](const Lines& lines) {
    const auto parsed = parse_upload_checksum(headers(lines));
    return parsed ? "taken" : parsed.error().code + ": " + parsed.error().message;
  };
  EXPECT_EQ(
      message({{"x-amz-checksum-algorithm", "CRC64NVME"}, {"x-amz-checksum-type", "COMPOSITE"}}),
      "InvalidRequest: The COMPOSITE checksum type cannot be used with the crc64nvme checksum "
      "algorithm.");
  EXPECT_EQ(
      message({{"x-amz-checksum-algorithm", "SHA256"}, {"x-amz-checksum-type", "FULL_OBJECT"}}),
      "InvalidRequest: The FULL_OBJECT checksum type cannot be used with the sha256 checksum "
      "algorithm.");
  EXPECT_EQ(message({{"x-amz-checksum-type", "COMPOSITE"}}),
            "InvalidRequest: The x-amz-checksum-type header can only be used with the "
            "x-amz-checksum-algorithm header.");
  EXPECT_EQ(message({{"x-amz-checksum-algorithm", "CRC32"}, {"x-amz-checksum-type", "HALF"}}),
            "InvalidRequest: Value for x-amz-checksum-type header is invalid.");
  EXPECT_EQ(message({{"x-amz-checksum-algorithm", "MD4"}}),
            "InvalidRequest: Checksum algorithm provided is unsupported. Please try again with any "
            "of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
}

TEST(ParsePartNumber, IsBetween1And10000) {
  EXPECT_EQ(parse_part_number("1").value(), 1U);
  EXPECT_EQ(parse_part_number("10000").value(), 10000U);
  for (const std::string_view text : {"", "0", "10001", "-1", "1x", "+1", "99999999999"}) {
    const auto number = parse_part_number(text);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().message,
              "Part number must be an integer between 1 and 10000, inclusive");
    EXPECT_EQ(number.error().details,
              (Lines{{"ArgumentName", "partNumber"}, {"ArgumentValue", std::string(text)}}));
  }
}

}  // namespace
}  // namespace imdsd::s3
