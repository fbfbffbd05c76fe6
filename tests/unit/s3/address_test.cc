// SPDX-License-Identifier: MIT
#include "s3/address.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

const std::vector<std::string> kDomains{"localhost", "s3.example.com"};

base::HttpRequest request(std::string host, std::string target) {
  base::HttpRequest out;
  out.method = "GET";
  out.target = std::move(target);
  out.headers.add("Host", std::move(host));
  return out;
}

struct Case {
  std::string_view name;
  std::string host, target;
  Address address;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.host << " " << c.target;
}

class ParseAddress : public testing::TestWithParam<Case> {};

TEST_P(ParseAddress, FindsBucketAndKey) {
  const auto address = parse_address(request(GetParam().host, GetParam().target), kDomains);
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->bucket, GetParam().address.bucket);
  EXPECT_EQ(address->key, GetParam().address.key);
  EXPECT_EQ(address->virtual_hosted, GetParam().address.virtual_hosted);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ParseAddress,
    testing::Values(
        Case{"service", "127.0.0.1:4566", "/", {}},
        Case{"service_with_query", "localhost", "/?x-id=ListBuckets", {}},
        Case{"bucket", "127.0.0.1", "/my-bucket", {"my-bucket"}},
        Case{"bucket_with_slash", "127.0.0.1", "/my-bucket/?list-type=2", {"my-bucket"}},
        Case{"object", "127.0.0.1", "/my-bucket/a/b.txt", {"my-bucket", "a/b.txt"}},
        Case{"empty_segments", "127.0.0.1", "/my-bucket//a//b/", {"my-bucket", "/a//b/"}},
        Case{"dots", "127.0.0.1", "/my-bucket/../x", {"my-bucket", "../x"}},
        Case{"encoded_dots", "127.0.0.1", "/my-bucket/%2E%2E/x", {"my-bucket", "../x"}},
        Case{"encoded_slash", "127.0.0.1", "/my-bucket/a%2Fb", {"my-bucket", "a/b"}},
        Case{"decoded_once", "127.0.0.1", "/my-bucket/%2520", {"my-bucket", "%20"}},
        Case{"plus_is_plus", "127.0.0.1", "/my-bucket/a+b%20c", {"my-bucket", "a+b c"}},
        Case{"utf8", "127.0.0.1", "/my-bucket/%C3%BC", {"my-bucket", "\xC3\xBC"}},
        Case{"question_mark", "127.0.0.1", "/my-bucket/a%3Fb?x", {"my-bucket", "a?b"}},
        Case{"ipv6", "[::1]:4566", "/my-bucket/k", {"my-bucket", "k"}},
        Case{"virtual_service", "localhost:4566", "/my-bucket/k", {"my-bucket", "k"}},
        Case{"virtual_bucket", "my-bucket.localhost:4566", "/", {"my-bucket", "", true}},
        Case{"virtual_object", "my-bucket.localhost", "/a/b", {"my-bucket", "a/b", true}},
        Case{"virtual_empty_segment", "my-bucket.localhost", "//a", {"my-bucket", "/a", true}},
        Case{"virtual_dots", "my.own.bucket.localhost", "/k", {"my.own.bucket", "k", true}},
        Case{"virtual_case", "My-Bucket.LOCALHOST", "/K", {"my-bucket", "K", true}},
        Case{"virtual_s3", "my-bucket.s3.localhost", "/k", {"my-bucket", "k", true}},
        Case{"virtual_s3_region",
             "my-bucket.s3.us-gov-west-1.localhost",
             "/k",
             {"my-bucket", "k", true}},
        Case{"virtual_second_domain", "my-bucket.s3.example.com", "/k", {"my-bucket", "k", true}},
        Case{"path_at_s3", "s3.localhost", "/my-bucket/k", {"my-bucket", "k"}},
        Case{"path_at_region", "s3.eu-west-1.localhost", "/my-bucket/k", {"my-bucket", "k"}},
        Case{"another_domain", "my-bucket.example.net", "/my-bucket/k", {"my-bucket", "k"}},
        Case{"end_of_a_label", "mylocalhost", "/my-bucket/k", {"my-bucket", "k"}}),
    [](const auto& test) { return std::string(test.param.name); });

struct Refused {
  std::string_view name;
  std::string host, target;
  std::string_view code;
};
void PrintTo(const Refused& c, std::ostream* out) {
  *out << c.host << " " << c.target;
}

class RefuseAddress : public testing::TestWithParam<Refused> {};

TEST_P(RefuseAddress, WithItsCode) {
  const auto address = parse_address(request(GetParam().host, GetParam().target), kDomains);
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().status, 400);
  EXPECT_EQ(address.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, RefuseAddress,
    testing::Values(Refused{"no_bucket", "127.0.0.1", "//k", "InvalidBucketName"},
                    Refused{"upper_case", "127.0.0.1", "/My-Bucket/k", "InvalidBucketName"},
                    Refused{"dots_for_bucket", "127.0.0.1", "/../k", "InvalidBucketName"},
                    Refused{"short_virtual", "ab.localhost", "/k", "InvalidBucketName"},
                    Refused{"broken_escape", "127.0.0.1", "/my-bucket/%2", "InvalidURI"},
                    Refused{"no_utf8", "127.0.0.1", "/my-bucket/%FF", "InvalidURI"},
                    Refused{"overlong_utf8", "127.0.0.1", "/my-bucket/%C0%AF", "InvalidURI"},
                    Refused{"long_key", "127.0.0.1", "/my-bucket/" + std::string(1025, 'k'),
                            "KeyTooLongError"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseAddress, TakesAKeyOf1024Bytes) {
  std::string target = "/my-bucket/";
  for (int i = 0; i < 512; ++i) target += "%C3%BC";
  const auto address = parse_address(request("127.0.0.1", target), kDomains);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->key.size(), kMaxKeyBytes);
  const auto refused = parse_address(request("127.0.0.1", target + "a"), kDomains);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details, (std::vector<std::pair<std::string, std::string>>{
                                         {"Size", "1025"}, {"MaxSizeAllowed", "1024"}}));
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
TEST(IsBucketName, FollowsTheRules) {
  for (const std::string_view name : {"abc", "my-bucket", "my.bucket.1", "1abc", "a-.b"}) {
    EXPECT_TRUE(is_bucket_name(name)) << name;
  }
  EXPECT_TRUE(is_bucket_name(std::string(63, 'a')));
  EXPECT_FALSE(is_bucket_name(std::string(64, 'a')));
  for (const std::string_view name : {"",
                                      "ab",
                                      "-ab",
                                      "ab-",
                                      ".ab",
                                      "ab.",
                                      "a..b",
                                      "aBc",
                                      "a_b",
                                      "a b",
                                      "192.168.5.4",
                                      "xn--abc",
                                      "sthree-abc",
                                      "amzn-s3-demo-bucket",
                                      "abc-s3alias",
                                      "abc--ol-s3",
                                      "abc.mrap",
                                      "abc--x-s3",
                                      "abc--table-s3",
                                      "\xC3\xBC\xC3\xBC\xC3\xBC"}) {
    EXPECT_FALSE(is_bucket_name(name)) << name;
  }
}

TEST(ParseCopySource, TakesBothForms) {
  for (const std::string_view header :
       {"my-bucket/a%2Fb%20c", "/my-bucket/a/b%20c", "%2Fmy-bucket%2Fa%2Fb%20c",
        "my-bucket/a/b%20c?versionId=null"}) {
    const auto source = parse_copy_source(header);
    ASSERT_TRUE(source) << header << source.error().message;
    EXPECT_EQ(source->bucket, "my-bucket");
    EXPECT_EQ(source->key, "a/b c");
  }
}

TEST(ParseCopySource, RefusesOthers) {
  for (const std::string_view header :
       {"", "/", "my-bucket", "my-bucket/", "Bucket/k", "my-bucket/%", "my-bucket/%FF",
        "my-bucket/k?versionId=abc"}) {
    const auto source = parse_copy_source(header);
    ASSERT_FALSE(source) << header;
    EXPECT_EQ(source.error().code, "InvalidArgument");
    EXPECT_EQ(source.error().details.front().second, "x-amz-copy-source");
  }
  const auto source =
      parse_copy_source("arn:aws:s3:us-east-1:123456789012:accesspoint/ap/object/k");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, "NotImplemented");
}

}  // namespace
}  // namespace imdsd::s3
