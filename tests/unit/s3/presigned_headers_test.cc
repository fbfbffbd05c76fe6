// SPDX-License-Identifier: MIT
#include "s3/presigned_headers.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::s3 {
namespace {

constexpr std::string_view kSigned =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=d&X-Amz-Expires=60&"
    "X-Amz-SignedHeaders=host&X-Amz-Signature=s&X-Amz-Security-Token=t";

base::HttpRequest put(std::string_view query) {
  return fakes::HttpRequestBuilder("PUT", "/b/k?" + std::string(query))
      .header("Host", "localhost")
      .build();
}

std::string presigned(std::string_view query) {
  return std::string(kSigned) + "&" + std::string(query);
}

TEST(PresignedHeaders, StandInTheQuery) {
  const auto request = with_headers_of_query(
      put(presigned("x-amz-meta-colour=dark+blue&X-Amz-Tagging=a%3Db%26c%3Dd&x-amz-acl=private&"
                    "X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&x-id=PutObject&prefix=x")));
  ASSERT_TRUE(request && *request);
  const base::HttpHeaders& headers = (*request)->headers;
  EXPECT_EQ(headers.get("x-amz-meta-colour"), "dark blue");
  EXPECT_EQ(headers.get("x-amz-tagging"), "a=b&c=d");
  EXPECT_EQ(headers.get("x-amz-acl"), "private");
  EXPECT_EQ(headers.get("x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(headers.lines().size(), 5U) << "and Host: nothing of the signature, no other parameter";
}

TEST(PresignedHeaders, AreTheSentOnesWhereThereAreSuch) {
  auto sent = put(presigned("x-amz-acl=public-read"));
  sent.headers.add("X-Amz-Acl", "private");
  const auto request = with_headers_of_query(sent);
  EXPECT_EQ((*request)->headers.get_all("x-amz-acl").size(), 1U);
  EXPECT_EQ((*request)->headers.get("x-amz-acl"), "private");
}

TEST(PresignedHeaders, AreNoChecksums) {
  const auto request = with_headers_of_query(
      put(presigned("x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32")));
  EXPECT_EQ((*request)->headers.lines().size(), 1U);
}

TEST(PresignedHeaders, AreOfPresignedRequestsAlone) {
  EXPECT_FALSE(*with_headers_of_query(put("x-amz-acl=private")));
  auto signed_by_header = put(presigned("x-amz-acl=private"));
  signed_by_header.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=c");
  EXPECT_FALSE(*with_headers_of_query(signed_by_header));
}

TEST(PresignedHeaders, MustBeHeaders) {
  for (const auto* query : {"x-amz-meta-a=1%0D%0ASet-Cookie:%20a", "x-amz-meta-a=%00",
                            "x-amz-meta-a%0A=1", "x-amz-meta-a%3A%20b=1"}) {
    const auto request = with_headers_of_query(put(presigned(query)));
    ASSERT_FALSE(request) << query;
    EXPECT_EQ(request.error().code, "InvalidArgument");
  }
}

}  // namespace
}  // namespace imdsd::s3
