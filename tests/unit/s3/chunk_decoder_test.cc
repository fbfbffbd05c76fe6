// SPDX-License-Identifier: MIT
#include "s3/chunk_decoder.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and of
// sigv4-streaming-trailers.html: 65,536 times `a`, then 1,024 times.
const std::string kLong(65536, 'a');
const std::string kShort(1024, 'a');
constexpr std::uint64_t kBytes = 66560;

aws::ChunkSignatures signatures(std::string_view seed) {
  aws::Authorization authorization;
  authorization.scope = {"20130524", "us-east-1", "s3", "aws4_request"};
  authorization.amz_date = "20130524T000000Z";
  authorization.signature = seed;
  return {authorization, base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
}

std::string signed_body() {
  return "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
         "\r\n" +
         kLong +
         "\r\n400;chunk-signature="
         "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" +
         kShort +
         "\r\n0;chunk-signature="
         "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
}
ChunkDecoder::Options signed_options() {
  return {
      .bytes = kBytes,
      .signatures = signatures("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")};
}

std::string trailer_body() {
  return "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"
         "\r\n" +
         kLong +
         "\r\n400;chunk-signature="
         "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" +
         kShort +
         "\r\n0;chunk-signature="
         "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
         "x-amz-checksum-crc32c:sOO8/Q==\r\n"
         "x-amz-trailer-signature:"
         "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
}
ChunkDecoder::Options trailer_options() {
  return {
      .bytes = kBytes,
      .has_trailer = true,
      .signatures = signatures("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")};
}

struct Decoded {
  std::string data;
  ChunkDecoder::Trailers trailers;
};

S3Outcome<Decoded> decode(ChunkDecoder::Options options, std::string_view body, std::size_t step) {
  ChunkDecoder decoder(std::move(options));
  Decoded out;
  for (std::size_t at = 0; at < body.size(); at += step) {
    std::string_view piece = body.substr(at, step);
    while (!piece.empty()) {
      auto data = decoder.next(piece);
      if (!data) return tl::unexpected(data.error());
      out.data.append(*data);
    }
  }
  if (auto end = decoder.end(); !end) return tl::unexpected(end.error());
  out.trailers = decoder.trailers();
  return out;
}

TEST(ChunkDecoder, ReadsTheSignedExampleInAnyPieces) {
  for (const std::size_t step : {1UL, 7UL, 4096UL, 100000UL}) {
    const auto decoded = decode(signed_options(), signed_body(), step);
    ASSERT_TRUE(decoded) << step << decoded.error().message;
    EXPECT_EQ(decoded->data, kLong + kShort);
    EXPECT_TRUE(decoded->trailers.empty());
  }
}

TEST(ChunkDecoder, ReadsTheExampleWithTrailer) {
  const auto decoded = decode(trailer_options(), trailer_body(), 1000);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->data.size(), kBytes);
  EXPECT_EQ(decoded->trailers, (ChunkDecoder::Trailers{{"x-amz-checksum-crc32c", "sOO8/Q=="}}));
}

TEST(ChunkDecoder, ReadsUnsignedChunksWithTrailer) {
  const std::string body = "5\r\nhello\r\n0\r\nX-Amz-Checksum-CRC32: NhCmhg==\r\n\r\n";
  for (const std::size_t step : {1UL, 3UL, 100UL}) {
    const auto decoded = decode({.bytes = 5, .has_trailer = true}, body, step);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->data, "hello");
    EXPECT_EQ(decoded->trailers, (ChunkDecoder::Trailers{{"x-amz-checksum-crc32", "NhCmhg=="}}));
  }
}

TEST(ChunkDecoder, ReadsAnEmptyBody) {
  const auto decoded = decode({.bytes = 0, .has_trailer = true}, "0\r\n\r\n", 2);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->data, "");
}

// minio-go ends the value with a line feed of its own.
TEST(ChunkDecoder, TakesALineFeedBehindATrailer) {
  const auto decoded = decode({.bytes = 5, .has_trailer = true},
                              "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\n\r\n\r\n", 1);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->trailers, (ChunkDecoder::Trailers{{"x-amz-checksum-crc32", "NhCmhg=="}}));
}

TEST(ChunkDecoder, RefusesEveryChangeOfASignedBody) {
  const std::string body = trailer_body();
  // All that is not data, and a little of that.
  std::string changed = body;
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (at > 200 && at + 400 < body.size() && at % 997 != 0 && (at < 65500 || at > 65750)) continue;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto decoded = decode(trailer_options(), changed, changed.size());
    // `10000` and `0400` are the same size in other letters: there are none such in this body.
    EXPECT_FALSE(decoded) << at;
    changed[at] = body[at];
  }
}

TEST(ChunkDecoder, RefusesABodyThatIsCutShort) {
  const std::string body = signed_body();
  const auto decodes = [&](std::size_t bytes) {
    return decode(signed_options(), std::string_view(body).substr(0, bytes), 4096).has_value();
  };
  for (std::size_t at = 0; at < 300; ++at) EXPECT_FALSE(decodes(at)) << at;
  for (std::size_t at = body.size() - 300; at < body.size(); ++at) EXPECT_FALSE(decodes(at)) << at;
  EXPECT_TRUE(decodes(body.size()));
}

struct Refused {
  std::string_view name;
  std::string body;
  std::uint64_t bytes;
  bool has_trailer;
  std::string_view code;
  int status = 400;
};
void PrintTo(const Refused& c, std::ostream* out) {
  *out << c.name;
}

class ChunkDecoderRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ChunkDecoderRefuses, WithItsCode) {
  const Refused& c = GetParam();
  const auto decoded = decode({.bytes = c.bytes, .has_trailer = c.has_trailer}, c.body, 1);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, c.code);
  EXPECT_EQ(decoded.error().status, c.status);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ChunkDecoderRefuses,
    testing::Values(
        Refused{"no_size", "\r\nhello", 5, true, "IncompleteBody"},
        Refused{"no_hexadecimal_size", "5x\r\nhello\r\n", 5, true, "IncompleteBody"},
        Refused{"negative_size", "-5\r\nhello\r\n", 5, true, "IncompleteBody"},
        Refused{"size_beyond_64_bits", "10000000000000005\r\nhello\r\n", 5, true, "IncompleteBody"},
        Refused{"line_feed_alone", "5\nhello\r\n0\r\n\r\n", 5, true, "IncompleteBody"},
        Refused{"endless_line", std::string(5000, '0'), 5, true, "IncompleteBody"},
        Refused{"no_end_of_data", "5\r\nhelloworld", 5, true, "IncompleteBody"},
        Refused{"more_than_announced", "6\r\nhello!\r\n0\r\n\r\n", 5, true, "IncompleteBody"},
        Refused{"less_than_announced", "4\r\nhell\r\n0\r\n\r\n", 5, true, "IncompleteBody"},
        Refused{"data_behind_the_end", "5\r\nhello\r\n0\r\n\r\nx", 5, true, "IncompleteBody"},
        Refused{"small_chunk_before_another", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 6, true,
                "InvalidChunkSizeError", 403},
        Refused{"trailer_without_colon", "0\r\nx-amz-checksum\r\n\r\n", 0, true,
                "MalformedTrailerError"},
        Refused{"trailer_where_none_may_be", "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", 0, false,
                "MalformedTrailerError"},
        Refused{"signature_of_unsigned_trailers", "0\r\nx-amz-trailer-signature:00\r\n\r\n", 0,
                true, "MalformedTrailerError"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ChunkDecoder, SaysWhichChunkWasTooSmall) {
  const auto decoded =
      decode({.bytes = 6, .has_trailer = true}, "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 100);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().details, (std::vector<std::pair<std::string, std::string>>{
                                         {"Chunk", "2"}, {"BadChunkSize", "5"}}));
}

TEST(ChunkDecoder, RefusesSignedChunksWithoutSignature) {
  const auto decoded = decode(signed_options(), "5\r\nhello\r\n0\r\n\r\n", 100);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "IncompleteBody");
}

TEST(ChunkDecoder, RefusesSignedTrailersWithoutSignature) {
  std::string body = trailer_body();
  body.erase(body.find("x-amz-trailer-signature"));
  const auto decoded = decode(trailer_options(), body + "\r\n", 100000);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, "MalformedTrailerError");
}

}  // namespace
}  // namespace imdsd::s3
