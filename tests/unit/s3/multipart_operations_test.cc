// SPDX-License-Identifier: MIT
// Uploads in parts, from the first call to the last.
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/s3/service_fixture.h"

namespace imdsd::s3 {
namespace {

using support::policy_of;

class MultipartOperations : public S3ServiceTest {
 protected:
  MultipartOperations() { call("PUT", "/box"); }

  std::string begin(const Headers& headers = {}) {
    const Called begun = call("POST", "/box/k?uploads", "", headers);
    EXPECT_EQ(begun.status, 200) << begun.message;
    return begun.element("UploadId");
  }
  Called part(const std::string& upload, int number, const std::string& bytes,
              const Headers& headers = {}) {
    return call("PUT", "/box/k?partNumber=" + std::to_string(number) + "&uploadId=" + upload, bytes,
                headers);
  }
  /// Numbers and ETags; `more`: elements of each part.
  Called complete(const std::string& upload, const std::vector<std::pair<int, std::string>>& parts,
                  const Headers& headers = {}, const std::vector<std::string>& more = {}) {
    std::string body = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      body += "<Part>" + (i < more.size() ? more[i] : "") + "<ETag>" + parts[i].second +
              "</ETag><PartNumber>" + std::to_string(parts[i].first) + "</PartNumber></Part>";
    }
    return call("POST", "/box/k?uploadId=" + upload, body + "</CompleteMultipartUpload>", headers);
  }

  const std::string first_ = std::string(5 << 20, 'a');
  const std::string second_ = "the rest";
};

TEST_F(MultipartOperations, PartsBecomeOneObject) {
  const std::string upload = begin({{"Content-Type", "text/plain"}, {"x-amz-tagging", "a=1"}});
  const std::string two = part(upload, 2, second_).header("ETag");
  const std::string one = part(upload, 1, first_).header("ETag");
  EXPECT_TRUE(call("GET", "/box?uploads").has("<UploadId>" + upload + "</UploadId>"));
  const Called listed = call("GET", "/box/k?uploadId=" + upload);
  EXPECT_TRUE(listed.has("<PartNumber>1</PartNumber>"));
  EXPECT_TRUE(listed.has("<Size>8</Size>"));
  EXPECT_EQ(call("GET", "/box/k").code, "NoSuchKey") << "not yet";

  const Called completed = complete(upload, {{1, one}, {2, two}});
  ASSERT_EQ(completed.status, 200) << completed.message;
  EXPECT_TRUE(completed.element("ETag").ends_with("-2&quot;")) << completed.body;
  EXPECT_EQ(completed.element("Location"), "http://127.0.0.1:1339/box/k");
  const Called got = call("GET", "/box/k");
  EXPECT_EQ(got.body, first_ + second_);
  EXPECT_EQ(got.header("Content-Type"), "text/plain");
  EXPECT_EQ(got.header("x-amz-tagging-count"), "1");
  EXPECT_EQ(call("GET", "/box/k?uploadId=" + upload).code, "NoSuchUpload");

  const Called of_part = call("GET", "/box/k?partNumber=2");
  EXPECT_EQ(of_part.status, 206);
  EXPECT_EQ(of_part.body, second_);
  EXPECT_EQ(of_part.header("x-amz-mp-parts-count"), "2");
  EXPECT_EQ(call("HEAD", "/box/k?partNumber=1").header("Content-Length"), "5242880");
  EXPECT_EQ(call("GET", "/box/k?partNumber=3").code, "InvalidPartNumber");
  EXPECT_EQ(call("GET", "/box/k", "", {{"Range", "bytes=5242878-5242883"}}).body, "aathe ");
}

TEST_F(MultipartOperations, APartHasItsOwnChecksumOrNone) {
  const Headers asked{{"x-amz-checksum-mode", "ENABLED"}};
  constexpr const char* kHeader = "x-amz-checksum-crc32";
  for (const auto* type : {"COMPOSITE", "FULL_OBJECT"}) {
    const bool composite = type == std::string_view("COMPOSITE");
    const std::string upload =
        begin({{"x-amz-checksum-algorithm", "CRC32"}, {"x-amz-checksum-type", type}});
    const Called one = part(upload, 1, first_), two = part(upload, 2, second_);
    const auto of = [&](const Called& sent) {
      return "<ChecksumCRC32>" + sent.header(kHeader) + "</ChecksumCRC32>";
    };
    ASSERT_EQ(
        complete(upload, {{1, one.header("ETag")}, {2, two.header("ETag")}}, {}, {of(one), of(two)})
            .status,
        200);
    for (const std::string method : {"GET", "HEAD"}) {
      const Called got = call(method, "/box/k?partNumber=2", "", asked);
      EXPECT_EQ(got.header(kHeader), composite ? two.header(kHeader) : "(none)") << type;
      EXPECT_EQ(got.header("x-amz-checksum-type"), composite ? "COMPOSITE" : "(none)");
    }
    const std::string whole = call("GET", "/box/k", "", asked).header(kHeader);
    EXPECT_EQ(whole.ends_with("-2"), composite) << whole;
    EXPECT_NE(whole, "(none)");
    const std::string single =
        begin({{"x-amz-checksum-algorithm", "CRC32"}, {"x-amz-checksum-type", type}});
    const Called only = part(single, 1, second_);
    ASSERT_EQ(complete(single, {{1, only.header("ETag")}}, {}, {of(only)}).status, 200);
    EXPECT_EQ(call("GET", "/box/k?partNumber=1", "", asked).header(kHeader), only.header(kHeader));
  }
}

TEST_F(MultipartOperations, APartMayBeSentAgain) {
  const std::string upload = begin();
  const std::string old = part(upload, 1, "old").header("ETag");
  const std::string now = part(upload, 1, "new").header("ETag");
  EXPECT_EQ(complete(upload, {{1, old}}).code, "InvalidPart");
  EXPECT_EQ(complete(upload, {{1, now}}).status, 200);
  EXPECT_EQ(call("GET", "/box/k").body, "new");
}

TEST_F(MultipartOperations, WhatDoesNotFitIsRefused) {
  const std::string upload = begin();
  const std::string one = part(upload, 1, "small").header("ETag");
  const std::string two = part(upload, 2, second_).header("ETag");
  EXPECT_EQ(complete(upload, {{1, one}, {2, two}}).code, "EntityTooSmall");
  EXPECT_EQ(complete(upload, {{2, two}, {1, one}}).code, "InvalidPartOrder");
  EXPECT_EQ(complete(upload, {{3, one}}).code, "InvalidPart");
  EXPECT_EQ(complete(upload, {}).code, "MalformedXML");
  EXPECT_EQ(complete(upload, {{2, two}}, {{"x-amz-mp-object-size", "9"}}).code, "InvalidRequest");
  EXPECT_EQ(part(upload, 0, "x").code, "InvalidArgument");
  EXPECT_EQ(part(upload, 10001, "x").code, "InvalidArgument");
  EXPECT_EQ(part("nobodys", 1, "x").code, "NoSuchUpload");
  EXPECT_EQ(complete(upload, {{2, two}}, {{"If-Match", "\"other\""}}).code, "NoSuchKey");
  EXPECT_EQ(complete(upload, {{2, two}}, {{"If-None-Match", "*"}}).status, 200);
}

TEST_F(MultipartOperations, AnAbortedUploadIsGone) {
  const std::string upload = begin();
  part(upload, 1, "x");
  EXPECT_EQ(call("DELETE", "/box/k?uploadId=" + upload).status, 204);
  EXPECT_EQ(part(upload, 2, "x").code, "NoSuchUpload");
  EXPECT_EQ(call("DELETE", "/box/k?uploadId=" + upload).code, "NoSuchUpload");
  EXPECT_FALSE(call("GET", "/box?uploads").has("<UploadId>"));
}

TEST_F(MultipartOperations, ACompositeChecksumTakesThatOfEachPart) {
  const std::string upload = begin({{"x-amz-checksum-algorithm", "CRC32"}});
  const Called sent = part(upload, 1, "hello", {{"x-amz-checksum-crc32", "NhCmhg=="}});
  EXPECT_EQ(sent.header("x-amz-checksum-crc32"), "NhCmhg==");
  EXPECT_EQ(part(upload, 2, "hello", {{"x-amz-checksum-crc32c", "mnG7TA=="}}).code,
            "InvalidRequest");
  const Called without = complete(upload, {{1, sent.header("ETag")}});
  EXPECT_EQ(without.code, "InvalidRequest");
  EXPECT_EQ(without.message,
            "The upload was created using a crc32 checksum. The complete request must include the "
            "checksum for each part. It was missing for part 1 in the request.");
  EXPECT_EQ(
      complete(upload, {{1, sent.header("ETag")}}, {}, {"<ChecksumCRC32>AAAAAA==</ChecksumCRC32>"})
          .code,
      "InvalidPart");
  const Called completed =
      complete(upload, {{1, sent.header("ETag")}}, {}, {"<ChecksumCRC32>NhCmhg==</ChecksumCRC32>"});
  EXPECT_EQ(completed.status, 200) << completed.message;
  EXPECT_TRUE(completed.element("ChecksumCRC32").ends_with("-1")) << completed.body;
}

TEST_F(MultipartOperations, WithoutAnAlgorithmAPartMayHaveAnyChecksum) {
  const std::string upload = begin();
  const Called sent = part(upload, 1, "hello", {{"x-amz-checksum-crc32", "NhCmhg=="}});
  EXPECT_EQ(sent.header("x-amz-checksum-crc32"), "NhCmhg==") << sent.message;
  EXPECT_EQ(part(upload, 2, "hello", {{"x-amz-checksum-crc32", "AAAAAA=="}}).code, "BadDigest");
  EXPECT_EQ(complete(upload, {{1, sent.header("ETag")}}).status, 200);
}

TEST_F(MultipartOperations, AFullObjectChecksumIsThatOfAllBytes) {
  const std::string upload = begin({{"x-amz-checksum-algorithm", "CRC64NVME"}});
  const std::string one = part(upload, 1, "hello").header("ETag");
  EXPECT_EQ(complete(upload, {{1, one}}, {{"x-amz-checksum-crc64nvme", "AAAAAAAAAAA="}}).code,
            "BadDigest");
  const Called completed =
      complete(upload, {{1, one}}, {{"x-amz-checksum-crc64nvme", "M3eFcAZSQlc="}});
  EXPECT_EQ(completed.element("ChecksumCRC64NVME"), "M3eFcAZSQlc=") << completed.message;
}

TEST_F(MultipartOperations, AChecksumThatWasNotAnnouncedIsNotLookedAt) {
  const std::string upload = begin();
  const std::string one = part(upload, 1, "hello").header("ETag");
  const Called completed = complete(upload, {{1, one}}, {{"x-amz-checksum-crc32", "AAAAAA=="}});
  EXPECT_EQ(completed.element("ChecksumCRC64NVME"), "M3eFcAZSQlc=") << completed.message;
}

TEST_F(MultipartOperations, PartsMayBeCopies) {
  call("PUT", "/box/source", "0123456789");
  const std::string upload = begin();
  const Called copied =
      part(upload, 1, "",
           {{"x-amz-copy-source", "box/source"}, {"x-amz-copy-source-range", "bytes=2-5"}});
  ASSERT_EQ(copied.status, 200) << copied.message;
  EXPECT_EQ(complete(upload, {{1, copied.element("ETag")}}).status, 200);
  EXPECT_EQ(call("GET", "/box/k").body, "2345");
}

// What a policy that wants conditional writes excepts: steps that take no condition
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html).
TEST_F(MultipartOperations, TheLastStepAloneCreatesTheObject) {
  world_.users[0].policies = {policy_of(
      R"({"Effect":"Allow","Action":"s3:PutObject","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":)"
      R"({"Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}}})")};
  const std::string upload = begin();
  const std::string one = part(upload, 1, "x").header("ETag");
  EXPECT_EQ(complete(upload, {{1, one}}).code, "AccessDenied");
  EXPECT_EQ(complete(upload, {{1, one}}, {{"If-None-Match", "*"}}).status, 200);
  EXPECT_EQ(call("PUT", "/box/other", "x").code, "AccessDenied");
  EXPECT_EQ(call("PUT", "/box/other", "x", {{"If-None-Match", "*"}}).status, 200);
}

TEST_F(MultipartOperations, EachStepIsDecided) {
  const std::string upload = begin();
  world_.users[0].policies = {
      policy_of(R"({"Effect":"Allow","Action":"s3:PutObject","Resource":"*"})")};
  const std::string one = part(upload, 1, "x").header("ETag");
  EXPECT_EQ(call("GET", "/box/k?uploadId=" + upload).code, "AccessDenied");
  EXPECT_EQ(call("DELETE", "/box/k?uploadId=" + upload).code, "AccessDenied");
  EXPECT_EQ(complete(upload, {{1, one}}).status, 200);
  world_.users[0].policies.clear();
  EXPECT_EQ(call("POST", "/box/k?uploads").code, "AccessDenied");
}

}  // namespace
}  // namespace imdsd::s3
