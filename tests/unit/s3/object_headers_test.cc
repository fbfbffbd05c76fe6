// SPDX-License-Identifier: MIT
#include "s3/object_headers.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

base::HttpHeaders headers(const Lines& lines) {
  base::HttpHeaders out;
  for (const auto& [name, value] : lines) out.add(name, value);
  return out;
}

Lines lines_of(const base::HttpHeaders& headers) {
  Lines out;
  for (const auto& line : headers.lines()) out.emplace_back(line.name, line.value);
  return out;
}

TEST(ParseObjectAttributes, KeepsHeadersMetadataAndTags) {
  const auto parsed = parse_object_attributes(headers({{"Content-Type", "text/plain"},
                                                       {"content-encoding", "aws-chunked, gzip"},
                                                       {"Cache-Control", "no-cache"},
                                                       {"Expires", "never"},
                                                       {"x-amz-meta-B", "2"},
                                                       {"X-Amz-Meta-a", "1"},
                                                       {"x-amz-meta-b", "3"},
                                                       {"x-amz-tagging", "k=v"},
                                                       {"x-amz-date", "20260101T000000Z"}}));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->headers.content_type, "text/plain");
  EXPECT_EQ(parsed->headers.content_encoding, "gzip");
  EXPECT_EQ(parsed->headers.cache_control, "no-cache");
  EXPECT_EQ(parsed->headers.expires, "never");
  EXPECT_EQ(parsed->headers.content_language, "");
  EXPECT_EQ(parsed->metadata, (Lines{{"a", "1"}, {"b", "2,3"}}));
  ASSERT_EQ(parsed->tags.size(), 1U);
  EXPECT_EQ(parsed->tags[0].key, "k");
  EXPECT_EQ(parse_object_attributes(headers({{"Content-Encoding", "aws-chunked"}}))
                ->headers.content_encoding,
            "");
}

TEST(ParseObjectAttributes, BoundsMetadata) {
  EXPECT_TRUE(parse_object_attributes(headers({{"x-amz-meta-ab", std::string(2046, 'v')}})));
  const auto parsed = parse_object_attributes(headers({{"x-amz-meta-ab", std::string(2047, 'v')}}));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, "MetadataTooLarge");
  EXPECT_EQ(parsed.error().details, (Lines{{"Size", "2049"}, {"MaxSizeAllowed", "2048"}}));
}

struct Case {
  std::string name, value;
  std::string_view code;
};

TEST(RefuseUnsupportedHeaders, TakesOnlyWhatIsSoAlready) {
  for (const auto& [name, value, code] : {
           Case{"x-amz-storage-class", "STANDARD", ""},
           Case{"x-amz-server-side-encryption", "AES256", ""},
           Case{"x-amz-acl", "bucket-owner-full-control", ""},
           Case{"x-amz-bucket-object-lock-enabled", "false", ""},
           Case{"x-amz-request-payer", "requester", ""},
           Case{"x-amz-storage-class", "GLACIER", "NotImplemented"},
           Case{"x-amz-storage-class", "MARBLE", "InvalidStorageClass"},
           Case{"X-Amz-Server-Side-Encryption", "aws:kms", "NotImplemented"},
           Case{"x-amz-server-side-encryption", "ROT13", "InvalidArgument"},
           Case{"x-amz-server-side-encryption-customer-algorithm", "AES256", "NotImplemented"},
           Case{"x-amz-server-side-encryption-aws-kms-key-id", "k", "NotImplemented"},
           Case{"x-amz-copy-source-server-side-encryption-customer-key", "k", "NotImplemented"},
           Case{"x-amz-object-lock-mode", "GOVERNANCE", "NotImplemented"},
           Case{"x-amz-bucket-object-lock-enabled", "true", "NotImplemented"},
           Case{"x-amz-website-redirect-location", "/a", "NotImplemented"},
           Case{"x-amz-write-offset-bytes", "5", "NotImplemented"},
           Case{"x-amz-acl", "public-read", "AccessControlListNotSupported"},
           Case{"x-amz-acl", "private", "AccessControlListNotSupported"},
           Case{"x-amz-grant-read", "id=1", "AccessControlListNotSupported"},
       }) {
    const auto refused = refuse_unsupported_headers(headers({{"Host", "h"}, {name, value}}));
    EXPECT_EQ(refused ? "" : refused.error().code, code) << name << ": " << value;
  }
}

TEST(RefuseUnsupportedHeaders, KnowsTheAclOfABucket) {
  const auto code = [](std::string value) {
    const auto refused =
        refuse_unsupported_headers(headers({{"x-amz-acl", std::move(value)}}), AclOn::bucket);
    return refused ? "" : refused.error().code;
  };
  EXPECT_EQ(code("private"), "");
  EXPECT_EQ(code("public-read"), "InvalidBucketAclWithObjectOwnership");
}

Object object() {
  Object out;
  out.key = "k";
  out.size = 5;
  out.etag = "e";
  out.last_modified = base::SystemTime(std::chrono::seconds(784111777));
  out.checksum = Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "NhCmhg=="};
  return out;
}

TEST(AddObjectHeaders, SaysWhatTheServiceSays) {
  base::HttpHeaders out;
  add_object_headers(out, object(), {});
  EXPECT_EQ(lines_of(out), (Lines{{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                  {"ETag", "\"e\""},
                                  {"Accept-Ranges", "bytes"},
                                  {"x-amz-server-side-encryption", "AES256"},
                                  {"Content-Type", "binary/octet-stream"}}));
}

TEST(AddObjectHeaders, GivesBackWhatWasPut) {
  Object put = object();
  put.attributes.headers.content_type = "text/plain";
  put.attributes.headers.content_language = "de";
  put.attributes.metadata = {{"a", "1"}};
  put.attributes.tags = {{"k", "v"}, {"l", "w"}};
  base::HttpHeaders out;
  add_object_headers(out, put, {});
  EXPECT_EQ(out.get("Content-Type"), "text/plain");
  EXPECT_EQ(out.get("Content-Language"), "de");
  EXPECT_EQ(out.get("x-amz-meta-a"), "1");
  EXPECT_EQ(out.get("x-amz-tagging-count"), "2");
  EXPECT_FALSE(out.has("Cache-Control"));
}

TEST(AddObjectHeaders, GivesTheChecksumOfAWholeObjectWhenAsked) {
  const auto checksum = [](const Lines& lines) {
    base::HttpRequest request;
    request.headers = headers(lines);
    base::HttpHeaders out;
    add_object_headers(out, object(), request);
    EXPECT_EQ(out.has("x-amz-checksum-type"), out.has("x-amz-checksum-crc32"));
    return std::string(out.get("x-amz-checksum-crc32").value_or("none"));
  };
  EXPECT_EQ(checksum({}), "none");
  EXPECT_EQ(checksum({{"x-amz-checksum-mode", "ENABLED"}}), "NhCmhg==");
  EXPECT_EQ(checksum({{"x-amz-checksum-mode", "ENABLED"}, {"Range", "bytes=0-1"}}), "none");
}

TEST(ApplyResponseOverrides, IsForSignedRequests) {
  const std::string_view query =
      "response-content-type=text%2Fhtml&response-content-disposition=attachment%3B+filename%3Da";
  ContentHeaders stored;
  stored.content_type = "text/plain";
  stored.content_language = "de";
  ASSERT_TRUE(apply_response_overrides(stored, query, false));
  EXPECT_EQ(stored.content_type, "text/html");
  EXPECT_EQ(stored.content_disposition, "attachment; filename=a");
  EXPECT_EQ(stored.content_language, "de");
  EXPECT_TRUE(apply_response_overrides(stored, "x=y", true));
  EXPECT_EQ(apply_response_overrides(stored, query, true).error().code, "InvalidRequest");
  EXPECT_EQ(apply_response_overrides(stored, "response-expires=a%0D%0AX:y", false).error().code,
            "InvalidArgument");
  EXPECT_EQ(stored.expires, "");
}

}  // namespace
}  // namespace imdsd::s3
