// SPDX-License-Identifier: MIT
#include "s3/upload_body.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;
using aws::S3Outcome;

constexpr std::string_view kHelloSha256 =
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
constexpr std::string_view kHelloMd5 = "5d41402abc4b2a76b9719d911017c592";

base::HttpHeaders headers(const Lines& lines) {
  base::HttpHeaders out;
  for (const auto& [name, value] : lines) out.add(name, value);
  return out;
}

/// Gives out what it has in pieces, as a socket does; then fails with `error`, if that is set.
class Source final : public base::HttpBodyReader {
 public:
  explicit Source(std::string text, std::size_t step = 3, std::optional<base::Errc> error = {})
      : text_(std::move(text)), step_(step), error_(error) {}
  base::Result<std::size_t> read(std::span<char> out) override {
    if (at_ == text_.size() && error_) return base::fail(*error_, "gone");
    const std::size_t size = std::min({step_, out.size(), text_.size() - at_});
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  std::size_t step_;
  std::optional<base::Errc> error_;
  std::size_t at_ = 0;
};

struct Received {
  std::string data;
  UploadDigests digests;
};

S3Outcome<Received> receive(const Lines& lines, base::HttpBodyReader& source,
                            UploadBody::Options options = {.max_bytes = 1000}) {
  IMDSD_TRY(auto terms, parse_upload_terms(headers(lines), SignedBy::header));
  UploadBody body(source, std::move(terms), std::move(options));
  Received out;
  for (;;) {
    IMDSD_TRY(const std::string_view piece, body.next());
    if (piece.empty()) break;
    out.data.append(piece);
  }
  out.digests = body.digests();
  return out;
}

S3Outcome<Received> receive(const Lines& lines, std::string body) {
  Source source(std::move(body));
  return receive(lines, source);
}

TEST(UploadBody, HashesAPlainBody) {
  const auto received = receive(
      {{"x-amz-content-sha256", std::string(kHelloSha256)}, {"Content-Length", "5"}}, "hello");
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(received->data, "hello");
  EXPECT_EQ(received->digests.size, 5U);
  EXPECT_EQ(received->digests.etag, kHelloMd5);
  EXPECT_EQ(received->digests.checksum,
            (Checksum{ChecksumAlgorithm::crc64nvme, ChecksumType::full_object, "M3eFcAZSQlc="}));
}

TEST(UploadBody, DecodesWhatTheCliSendsOverHttps) {
  const auto received = receive({{"x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"},
                                 {"x-amz-decoded-content-length", "5"},
                                 {"x-amz-sdk-checksum-algorithm", "CRC32"},
                                 {"x-amz-trailer", "x-amz-checksum-crc32"}},
                                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(received->data, "hello");
  EXPECT_EQ(received->digests.etag, kHelloMd5);
  EXPECT_EQ(received->digests.checksum,
            (Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "NhCmhg=="}));
}

TEST(UploadBody, TakesTheAlgorithmOfItsUpload) {
  Source source("hello");
  const auto received = receive({{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}}, source,
                                {.max_bytes = 1000, .algorithm = ChecksumAlgorithm::sha1});
  ASSERT_TRUE(received);
  EXPECT_EQ(received->digests.checksum.value, "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
}

TEST(UploadBody, ChecksOneChecksumAndKeepsAnother) {
  const Lines lines{{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
                    {"x-amz-checksum-crc32", "NhCmhg=="}};
  const auto options = [] {
    return UploadBody::Options{.max_bytes = 1000, .algorithm = ChecksumAlgorithm::crc64nvme};
  };
  Source source("hello");
  const auto received = receive(lines, source, options());
  ASSERT_TRUE(received);
  EXPECT_EQ(received->digests.checksum,
            (Checksum{ChecksumAlgorithm::crc64nvme, ChecksumType::full_object, "M3eFcAZSQlc="}));
  EXPECT_EQ(received->digests.claimed,
            (Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "NhCmhg=="}));
  Source other("hallo");
  const auto refused = receive(lines, other, options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "BadDigest");
}

TEST(UploadBody, TakesExactlyWhatIsAllowed) {
  Source fits("hello");
  EXPECT_TRUE(receive({{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}}, fits, {.max_bytes = 5}));
  Source too_long("hello");
  const auto refused =
      receive({{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}}, too_long, {.max_bytes = 4});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "EntityTooLarge");
}

struct Refused {
  std::string_view name;
  Lines lines;
  std::string body;
  std::string_view code, message;
};
void PrintTo(const Refused& c, std::ostream* out) {
  *out << c.name;
}

class UploadBodyRefuses : public testing::TestWithParam<Refused> {};

TEST_P(UploadBodyRefuses, InTheWordsOfTheService) {
  const auto received = receive(GetParam().lines, GetParam().body);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, GetParam().code);
  EXPECT_EQ(received.error().message, GetParam().message);
}

const std::pair<std::string, std::string> kUnsigned{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"};
const std::pair<std::string, std::string> kTrailer{"x-amz-content-sha256",
                                                   "STREAMING-UNSIGNED-PAYLOAD-TRAILER"};
const std::pair<std::string, std::string> kFive{"x-amz-decoded-content-length", "5"};
const std::pair<std::string, std::string> kCrc32{"x-amz-trailer", "x-amz-checksum-crc32"};
constexpr std::string_view kMalformedTrailer =
    "The request contained trailing data that was not well-formed or did not conform to our "
    "published schema.";

INSTANTIATE_TEST_SUITE_P(
    Cases, UploadBodyRefuses,
    testing::Values(
        Refused{"another_body_than_was_signed",
                {{"x-amz-content-sha256", std::string(kHelloSha256)}},
                "hallo",
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."},
        Refused{"another_checksum",
                {kUnsigned, {"x-amz-checksum-crc32c", "mnG7TA=="}},
                "hallo",
                "BadDigest",
                "The CRC32C you specified did not match the calculated checksum."},
        Refused{"another_md5",
                {kUnsigned, {"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}},
                "hallo",
                "BadDigest",
                "The Content-MD5 you specified did not match what we received."},
        Refused{"no_md5",
                {kUnsigned, {"Content-MD5", "!"}},
                "",
                "InvalidDigest",
                "The Content-MD5 you specified was invalid."},
        Refused{"fewer_bytes_than_announced",
                {kUnsigned, {"Content-Length", "6"}},
                "hello",
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP "
                "header"},
        Refused{"end_in_a_chunk",
                {kTrailer, kFive, kCrc32},
                "5\r\nhel",
                "IncompleteBody",
                "The request body terminated unexpectedly"},
        Refused{"another_checksum_in_the_trailer",
                {kTrailer, kFive, kCrc32},
                "5\r\nhallo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
                "BadDigest",
                "The CRC32 you specified did not match the calculated checksum."},
        Refused{"no_checksum_in_the_trailer",
                {kTrailer, kFive, kCrc32},
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:!\r\n\r\n",
                "InvalidRequest",
                "Value for x-amz-checksum-crc32 trailing header is invalid."},
        Refused{"trailer_that_does_not_come",
                {kTrailer, kFive, kCrc32},
                "5\r\nhello\r\n0\r\n\r\n",
                "MalformedTrailerError",
                kMalformedTrailer},
        Refused{"trailer_that_was_not_announced",
                {kTrailer, kFive},
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
                "MalformedTrailerError",
                kMalformedTrailer},
        Refused{"another_trailer_than_announced",
                {kTrailer, kFive, kCrc32},
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32c:mnG7TA==\r\n\r\n",
                "MalformedTrailerError",
                kMalformedTrailer},
        Refused{"trailer_of_a_body_without_chunks",
                {kUnsigned, kCrc32},
                "hello",
                "InvalidRequest",
                "The value specified in the x-amz-trailer header is not supported"},
        Refused{"chunks_without_length",
                {kTrailer},
                "",
                "MissingContentLength",
                "You must provide the Content-Length HTTP header."},
        Refused{"no_hash",
                {{"Content-Length", "5"}},
                "hello",
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256"},
        Refused{"ecdsa",
                {{"x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"}},
                "",
                "NotImplemented",
                "A header you provided implies functionality that is not implemented"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(UploadBody, TellsAnInvalidHashByItsValue) {
  const auto terms =
      parse_upload_terms(headers({{"x-amz-content-sha256", "abc"}}), SignedBy::header);
  ASSERT_FALSE(terms);
  EXPECT_EQ(terms.error().code, "InvalidArgument");
  EXPECT_EQ(terms.error().details,
            (Lines{{"ArgumentName", "x-amz-content-sha256"}, {"ArgumentValue", "abc"}}));
}

TEST(UploadBody, NeedsAKeyForSignedChunks) {
  const auto lines =
      headers({{"x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}, kFive});
  EXPECT_TRUE(parse_upload_terms(lines, SignedBy::header));
  for (const auto by : {SignedBy::query, SignedBy::nobody}) {
    const auto terms = parse_upload_terms(lines, by);
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().code, "InvalidRequest");
  }
}

TEST(UploadBody, VerifiesSignedChunks) {
  // The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html.
  aws::Authorization authorization;
  authorization.scope = {"20130524", "us-east-1", "s3", "aws4_request"};
  authorization.amz_date = "20130524T000000Z";
  authorization.signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
  const base::Secret secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  const std::string body =
      "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" +
      std::string(65536, 'a') +
      "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
      "\r\n" +
      std::string(1024, 'a') +
      "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
      "\r\n\r\n";
  const Lines lines{{"x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"},
                    {"x-amz-decoded-content-length", "66560"},
                    {"Content-Length", "66824"}};
  const auto options = [&] {
    return UploadBody::Options{.max_bytes = 100000,
                               .signatures = aws::ChunkSignatures(authorization, secret)};
  };
  ASSERT_EQ(body.size(), 66824U);
  Source whole(body, 10000);
  const auto received = receive(lines, whole, options());
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(received->data, std::string(66560, 'a'));
  std::string other = body;
  other[5000] = 'b';
  Source changed(other, 10000);
  const auto refused = receive(lines, changed, options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "SignatureDoesNotMatch");
  EXPECT_EQ(refused.error().status, 403);
}

TEST(UploadBody, TellsOfAPeerThatIsGone) {
  Source source("hel", 3, base::Errc::unavailable);
  const auto received = receive({{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}}, source);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, "RequestTimeout");
}

TEST(ReadDocument, ReadsBothKindsOfRequest) {
  base::HttpRequest buffered;
  buffered.body = "hello";
  base::HttpRequest streamed;
  streamed.reader = std::make_shared<Source>("hello");
  const UploadTerms terms{.content_md5 = base::md5("hello")};
  for (const auto* const request : {&buffered, &streamed}) {
    const auto text = read_document(*request, terms, std::nullopt, 5);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "hello");
  }
  const auto refused = read_document(buffered, terms, std::nullopt, 4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "MaxMessageLengthExceeded");
}

TEST(RequireChecksum, TakesEitherKind) {
  EXPECT_TRUE(require_checksum({.content_md5 = std::string(16, 'x')}));
  EXPECT_TRUE(require_checksum({.checksum = ChecksumClaim{ChecksumAlgorithm::crc32}}));
  const auto refused = require_checksum({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}

TEST(UploadBody, ReadsSignedChunksUncheckedWhereNobodyIsToCheck) {
  const Lines lines = {{"x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"},
                       {"x-amz-decoded-content-length", "5"}};
  const std::string body = "5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\n\r\n";
  EXPECT_FALSE(receive(lines, body)) << "without signatures and without leave";
  Source source(body);
  const auto received = receive(lines, source, {.max_bytes = 1000, .unchecked_chunks = true});
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(received->data, "hello");
}

TEST(UploadTerms, APresignedUrlMayPinItsBody) {
  const auto pinned = headers({{"x-amz-content-sha256", std::string(64, 'a')}});
  const auto terms = parse_upload_terms(pinned, SignedBy::query);
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->payload.form, PayloadForm::plain_hashed);
  EXPECT_EQ(parse_upload_terms({}, SignedBy::query)->payload.form, PayloadForm::plain_unsigned);
}

}  // namespace
}  // namespace imdsd::s3
