// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/s3/service_fixture.h"

namespace imdsd::s3 {
namespace {

using support::policy_of;
using support::S3World;

class Objects : public S3ServiceTest {
 protected:
  Objects() { call("PUT", "/box"); }
};

/// A body that comes in pieces; counts how much of it was read.
class PiecesReader final : public base::HttpBodyReader {
 public:
  explicit PiecesReader(std::string text) : text_(std::move(text)) {}
  base::Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), text_.size() - taken, std::size_t{1000}});
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(taken), size, out.begin());
    taken += size;
    return size;
  }
  std::size_t taken = 0;

 private:
  std::string text_;
};

TEST_F(Objects, ComeBackAsTheyWerePut) {
  const Called put =
      call("PUT", "/box/k", "hello",
           {{"Content-Type", "text/plain"}, {"x-amz-meta-colour", "blue"}, {"Cache-Control", "x"}});
  EXPECT_EQ(put.status, 200) << put.message;
  EXPECT_EQ(put.header("ETag"), "\"5d41402abc4b2a76b9719d911017c592\"");
  EXPECT_EQ(put.header("x-amz-checksum-crc64nvme"), "M3eFcAZSQlc=");
  EXPECT_EQ(put.header("x-amz-checksum-type"), "FULL_OBJECT");
  EXPECT_EQ(put.header("x-amz-server-side-encryption"), "AES256");
  for (const std::string method : {"GET", "HEAD"}) {
    const Called got = call(method, "/box/k");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, method == "GET" ? "hello" : "");
    EXPECT_EQ(got.header("Content-Length"), method == "GET" ? "(none)" : "5");
    EXPECT_EQ(got.header("Content-Type"), "text/plain");
    EXPECT_EQ(got.header("Cache-Control"), "x");
    EXPECT_EQ(got.header("x-amz-meta-colour"), "blue");
    EXPECT_EQ(got.header("Last-Modified"), "Thu, 01 Jan 2026 00:00:00 GMT");
    EXPECT_EQ(got.header("Accept-Ranges"), "bytes");
    EXPECT_EQ(got.header("x-amz-checksum-crc64nvme"), "(none)");
  }
  EXPECT_EQ(call("GET", "/box/k", "", {{"x-amz-checksum-mode", "ENABLED"}})
                .header("x-amz-checksum-crc64nvme"),
            "M3eFcAZSQlc=");
}

TEST_F(Objects, AnyKeyIsAKeyAndNoPath) {
  const std::vector<std::string> keys{"a",    "a/b",   "a//b", "%2E%2E/x",
                                      "../x", "/",     "a/b/", "%C3%A4",
                                      "%00a", "a%20b", "a+b",  std::string(1024, 'k')};
  for (const auto& key : keys) {
    EXPECT_EQ(call("PUT", "/box/" + key, "bytes of " + key).status, 200) << key;
  }
  for (const auto& key : keys) {
    // `../x` and its escaped form are one key.
    const std::string expected = key == "%2E%2E/x" ? "../x" : key;
    EXPECT_EQ(call("GET", "/box/" + key).body, "bytes of " + expected) << key;
  }
  EXPECT_EQ(call("PUT", "/box/" + std::string(1025, 'k'), "x").code, "KeyTooLongError");
}

TEST_F(Objects, AreReplacedAndDeleted) {
  call("PUT", "/box/k", "first");
  call("PUT", "/box/k", "second");
  EXPECT_EQ(call("GET", "/box/k").body, "second");
  EXPECT_EQ(call("DELETE", "/box/k").status, 204);
  EXPECT_EQ(call("GET", "/box/k").code, "NoSuchKey");
  EXPECT_EQ(call("DELETE", "/box/k").status, 204) << "of one that is not there as well";
}

TEST_F(Objects, ComeInPartsByRange) {
  call("PUT", "/box/k", "0123456789");
  const Called some = call("GET", "/box/k", "", {{"Range", "bytes=2-4"}});
  EXPECT_EQ(some.status, 206);
  EXPECT_EQ(some.body, "234");
  EXPECT_EQ(some.header("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(call("GET", "/box/k", "", {{"Range", "bytes=-2"}}).body, "89");
  EXPECT_EQ(call("HEAD", "/box/k", "", {{"Range", "bytes=7-"}}).header("Content-Length"), "3");
  const Called behind = call("GET", "/box/k", "", {{"Range", "bytes=10-"}});
  EXPECT_EQ(behind.status, 416);
  EXPECT_EQ(behind.code, "InvalidRange");
  EXPECT_EQ(call("GET", "/box/k", "", {{"Range", "bytes=1-0"}}).status, 200);
}

TEST_F(Objects, LargeOnesGoOutInPieces) {
  std::string large;
  for (int i = 0; large.size() < 1'000'000; ++i) large += std::to_string(i) + ",";
  ASSERT_EQ(call("PUT", "/box/k", large).status, 200);
  EXPECT_EQ(call("GET", "/box/k").body, large);
  EXPECT_EQ(call("GET", "/box/k", "", {{"Range", "bytes=1000-900000"}}).body,
            large.substr(1000, 899001));
}

TEST_F(Objects, ConditionsAreLookedAt) {
  const std::string etag = call("PUT", "/box/k", "hello").header("ETag");
  const Called unchanged =
      call("GET", "/box/k", "", {{"If-None-Match", etag}, {"x-amz-checksum-mode", "ENABLED"}});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.body, "");
  EXPECT_EQ(unchanged.header("ETag"), etag);
  EXPECT_EQ(unchanged.header("x-amz-checksum-crc64nvme"), "(none)");
  EXPECT_EQ(call("GET", "/box/k", "", {{"If-Match", "\"other\""}}).code, "PreconditionFailed");
  EXPECT_EQ(call("GET", "/box/k", "", {{"If-Match", etag}}).status, 200);

  EXPECT_EQ(call("PUT", "/box/k", "x", {{"If-None-Match", "*"}}).code, "PreconditionFailed");
  EXPECT_EQ(call("PUT", "/box/new", "x", {{"If-None-Match", "*"}}).status, 200);
  EXPECT_EQ(call("PUT", "/box/k", "x", {{"If-Match", "\"other\""}}).code, "PreconditionFailed");
  EXPECT_EQ(call("PUT", "/box/none", "x", {{"If-Match", etag}}).code, "NoSuchKey");
  EXPECT_EQ(call("PUT", "/box/k", "x", {{"If-Match", etag}}).status, 200);
  EXPECT_EQ(call("DELETE", "/box/k", "", {{"If-Match", etag}}).code, "PreconditionFailed");
}

TEST_F(Objects, AreNotTakenWhenTheirBytesAreNotThoseThatWereAnnounced) {
  EXPECT_EQ(call("PUT", "/box/k", "hello", {{"x-amz-content-sha256", std::string(64, '0')}}).code,
            "XAmzContentSHA256Mismatch");
  EXPECT_EQ(call("PUT", "/box/k", "hello", {{"x-amz-checksum-crc32", "AAAAAA=="}}).code,
            "BadDigest");
  EXPECT_EQ(call("PUT", "/box/k", "hello", {{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}}).code,
            "BadDigest");
  EXPECT_EQ(call("GET", "/box/k").code, "NoSuchKey");
  EXPECT_EQ(call("PUT", "/box/k", "hello", {{"x-amz-checksum-crc32", "NhCmhg=="}}).status, 200);
}

TEST_F(Objects, ABodyIsReadAsItArrives) {
  const std::string large(300'000, 'x');
  auto reader = std::make_shared<PiecesReader>(large);
  reader_ = reader;
  EXPECT_EQ(call("PUT", "/box/k", "", {{"Content-Length", std::to_string(large.size())}}).status,
            200);
  EXPECT_EQ(reader->taken, large.size());
  reader_ = nullptr;
  EXPECT_EQ(call("GET", "/box/k").body, large);
}

TEST_F(Objects, ABodyIsNotReadBeforeItIsWanted) {
  auto reader = std::make_shared<PiecesReader>("hello");
  reader_ = reader;
  EXPECT_EQ(call("PUT", "/none/k", "").code, "NoSuchBucket");
  EXPECT_EQ(call("PUT", "/box/k", "", {{"Content-Length", "5368709121"}}).code, "EntityTooLarge");
  EXPECT_EQ(call("PUT", "/box/k", "", {{"x-amz-acl", "public-read"}}).code,
            "AccessControlListNotSupported");
  world_.users[0].policies.clear();
  EXPECT_EQ(call("PUT", "/box/k", "").code, "AccessDenied");
  EXPECT_EQ(reader->taken, 0U);
}

TEST_F(Objects, WhatIsMissingIsToldToThoseWhoMayList) {
  world_.users[0].policies = {
      policy_of(R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*"})")};
  for (const auto* method : {"GET", "HEAD"}) {
    const Called missing = call(method, "/box/none");
    EXPECT_EQ(missing.code, "AccessDenied");
    EXPECT_EQ(missing.message,
              "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: "
              "s3:ListBucket on resource: \"arn:aws:s3:::box\" because no identity-based policy "
              "allows the s3:ListBucket action");
  }
  world_.users[0].policies = {
      policy_of(R"({"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"})")};
  EXPECT_EQ(call("GET", "/box/none").code, "NoSuchKey");
}

TEST_F(Objects, AnswersMayBeGivenOtherHeadersByThoseWhoSign) {
  call("PUT", "/box/k", "hello");
  const std::string target = "/box/k?response-content-type=text%2Fhtml";
  EXPECT_EQ(call("GET", target).header("Content-Type"), "text/html");
  set_policy("box", R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject",)"
                    R"("Resource":"arn:aws:s3:::box/*"})");
  caller_ = S3World::anonymous();
  EXPECT_EQ(call("GET", "/box/k").body, "hello");
  EXPECT_EQ(call("GET", target).code, "InvalidRequest");
}

TEST_F(Objects, HaveOneVersion) {
  call("PUT", "/box/k", "hello");
  EXPECT_EQ(call("GET", "/box/k?versionId=null").body, "hello");
  EXPECT_EQ(call("GET", "/box/k?versionId=abc").code, "InvalidArgument");
}

TEST_F(Objects, TellTheirAttributes) {
  call("PUT", "/box/k", "hello");
  const Called told =
      call("GET", "/box/k?attributes", "", {{"x-amz-object-attributes", "ETag,ObjectSize"}});
  EXPECT_EQ(told.element("ETag"), "5d41402abc4b2a76b9719d911017c592") << told.message;
  EXPECT_EQ(told.element("ObjectSize"), "5");
  EXPECT_EQ(call("GET", "/box/none?attributes").code, "NoSuchKey");
  world_.users[0].policies = {
      policy_of(R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*"})")};
  EXPECT_EQ(call("GET", "/box/k?attributes").code, "AccessDenied");
}

TEST_F(Objects, KeepTheirTagsAndAreDecidedByThem) {
  call("PUT", "/box/k", "hello", {{"x-amz-tagging", "team=blue"}});
  EXPECT_EQ(call("GET", "/box/k?tagging").element("Value"), "blue");
  EXPECT_EQ(call("GET", "/box/k").header("x-amz-tagging-count"), "1");
  const auto tagging = [](const std::string& value) {
    return "<Tagging><TagSet><Tag><Key>team</Key><Value>" + value +
           "</Value></Tag></TagSet></Tagging>";
  };
  world_.users[0].policies = {policy_of(
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":)"
      R"({"StringEquals":{"s3:ExistingObjectTag/team":"red"}}},)"
      R"({"Effect":"Deny","Action":["s3:PutObject","s3:PutObjectTagging"],"Resource":"*",)"
      R"("Condition":{"StringEquals":{"s3:RequestObjectTag/team":"green"}}})")};
  EXPECT_EQ(call("GET", "/box/k").body, "hello");
  EXPECT_EQ(call("PUT", "/box/k?tagging", tagging("green")).code, "AccessDenied");
  EXPECT_EQ(call("PUT", "/box/other", "x", {{"x-amz-tagging", "team=green"}}).code, "AccessDenied");
  EXPECT_EQ(call("PUT", "/box/k?tagging", tagging("red")).status, 200);
  EXPECT_EQ(call("GET", "/box/k").code, "AccessDenied");
  EXPECT_EQ(call("DELETE", "/box/k?tagging").status, 204);
  EXPECT_EQ(call("GET", "/box/k").body, "hello");
  EXPECT_EQ(call("GET", "/box/none?tagging").code, "NoSuchKey");
}

TEST_F(Objects, AreListedInPagesAndFolders) {
  for (const auto* key : {"images/a.jpg", "images/b.jpg", "notes.txt", "videos/c.mp4"}) {
    call("PUT", "/box/" + std::string(key), "x");
  }
  const Called top = call("GET", "/box?list-type=2&prefix=&delimiter=%2F&encoding-type=url");
  EXPECT_EQ(top.element("KeyCount"), "3");
  EXPECT_TRUE(top.has("<Prefix>images/</Prefix>"));
  EXPECT_TRUE(top.has("<Key>notes.txt</Key>"));
  EXPECT_FALSE(top.has("a.jpg"));
  const Called first = call("GET", "/box?list-type=2&max-keys=3");
  EXPECT_EQ(first.element("IsTruncated"), "true");
  const Called rest = call("GET", "/box?list-type=2&max-keys=3&continuation-token=" +
                                      base::percent_encode(first.element("NextContinuationToken")));
  EXPECT_EQ(rest.element("KeyCount"), "1");
  EXPECT_EQ(rest.element("Key"), "videos/c.mp4");
  const Called old = call("GET", "/box?delimiter=%2F&marker=images%2F");
  EXPECT_EQ(old.element("Key"), "notes.txt");
}

TEST_F(Objects, OfAnotherAccountTakeBothPolicies) {
  set_policy("box", R"({"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":)"
                    R"(["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::box/*"})");
  caller_ = world_.user("guest", support::kS3OtherAccount);
  EXPECT_EQ(call("PUT", "/box/k", "hello").code, "AccessDenied");
  world_.users[1].policies = {policy_of(R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")};
  caller_ = world_.user("guest", support::kS3OtherAccount);
  EXPECT_EQ(call("PUT", "/box/k", "hello").status, 200);
  EXPECT_EQ(call("GET", "/box/k").body, "hello");
}

TEST_F(Objects, OfAFullDiskAreNotThere) {
  index_.fail_next = true;
  EXPECT_EQ(call("PUT", "/box/k", "hello").code, "ServiceUnavailable");
  EXPECT_EQ(call("GET", "/box/k").code, "NoSuchKey");
  EXPECT_EQ(call("PUT", "/box/k", "hello").status, 200);
}

TEST_F(Objects, WhatIsNotThereIsNotImplemented) {
  EXPECT_EQ(call("GET", "/box?lifecycle").code, "NotImplemented");
  EXPECT_EQ(call("GET", "/box?versions").code, "NotImplemented");
  EXPECT_EQ(call("PUT", "/box/k", "x", {{"x-amz-server-side-encryption", "aws:kms"}}).code,
            "NotImplemented");
}

}  // namespace
}  // namespace imdsd::s3
