// SPDX-License-Identifier: MIT
#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::aws {
namespace {

using fakes::HttpRequestBuilder;

constexpr auto kNormalize = PathRule::normalize_and_encode_twice;
constexpr auto kVerbatim = PathRule::verbatim;
constexpr std::string_view kEmptyHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct PathCase {
  std::string_view name, path, normalized, verbatim;
};

class CanonicalUri : public testing::TestWithParam<PathCase> {};

TEST_P(CanonicalUri, FollowsTheRuleOfTheService) {
  EXPECT_EQ(canonical_uri(GetParam().path, kNormalize).value(), GetParam().normalized);
  EXPECT_EQ(canonical_uri(GetParam().path, kVerbatim).value(), GetParam().verbatim);
}

INSTANTIATE_TEST_SUITE_P(
    Paths, CanonicalUri,
    testing::Values(
        PathCase{"Empty", "", "/", "/"}, PathCase{"Root", "/", "/", "/"},
        PathCase{"Plain", "/documents/a-b_c.d~e", "/documents/a-b_c.d~e", "/documents/a-b_c.d~e"},
        PathCase{"Escapes", "/documents%20and%20settings/", "/documents%2520and%2520settings/",
                 "/documents%20and%20settings/"},
        PathCase{"LowerCaseEscape", "/%c3%a9", "/%25c3%25a9", "/%C3%A9"},
        PathCase{"NeedlessEscape", "/%41%2F", "/%2541%252F", "/A/"},
        PathCase{"RawSpaceAndUtf8", "/a b/\xE1\x88\xB4", "/a%20b/%E1%88%B4", "/a%20b/%E1%88%B4"},
        PathCase{"Plus", "/a+b", "/a%2Bb", "/a%2Bb"},
        PathCase{"Reserved", "/a:b@c!$&'()*,;=", "/a%3Ab%40c%21%24%26%27%28%29%2A%2C%3B%3D",
                 "/a%3Ab%40c%21%24%26%27%28%29%2A%2C%3B%3D"},
        PathCase{"Slashes", "//a///b//", "/a/b/", "//a///b//"},
        PathCase{"OnlySlashes", "///", "/", "///"},
        PathCase{"Dots", "/./a/./b/", "/a/b/", "/./a/./b/"},
        PathCase{"DotDots", "/a/b/../../c", "/c", "/a/b/../../c"},
        PathCase{"BackToTheRoot", "/a/..", "/", "/a/.."},
        PathCase{"AboveTheRoot", "/../../a", "/a", "/../../a"},
        PathCase{"DotAtTheEnd", "/a/.", "/a", "/a/."},
        PathCase{"DotDotAtTheEnd", "/a/b/..", "/a", "/a/b/.."},
        PathCase{"EscapedDots", "/a/%2E%2E/b", "/a/%252E%252E/b", "/a/../b"},
        PathCase{"ThreeDots", "/a/.../b", "/a/.../b", "/a/.../b"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CanonicalUri, RefusesBrokenPaths) {
  for (const std::string_view path : {"a", "*", "http://h/a", "/%", "/%2", "/%zz", "/a%2gb", "?"}) {
    EXPECT_FALSE(canonical_uri(path, kNormalize)) << path;
    EXPECT_FALSE(canonical_uri(path, kVerbatim)) << path;
  }
}

struct QueryCase {
  std::string_view name, query, expected;
};

class CanonicalQuery : public testing::TestWithParam<QueryCase> {};

TEST_P(CanonicalQuery, IsSortedAndEncodedAnew) {
  EXPECT_EQ(canonical_query(GetParam().query).value(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Queries, CanonicalQuery,
    testing::Values(QueryCase{"Empty", "", ""}, QueryCase{"One", "a=1", "a=1"},
                    QueryCase{"Valueless", "acl", "acl="}, QueryCase{"EmptyValue", "acl=", "acl="},
                    QueryCase{"EmptyName", "=v", "=v"}, QueryCase{"EmptyPieces", "&&a&&", "a="},
                    QueryCase{"ByName", "b=1&a=2&B=3&-=4", "-=4&B=3&a=2&b=1"},
                    QueryCase{"ByValueOfOneName", "a=z&a=b&a=&a=B", "a=&a=B&a=b&a=z"},
                    // The name alone decides: `-` sorts below `=`, but "Param" below "Param-3".
                    QueryCase{"NameBeforeEquals", "Param-3=a&Param=b", "Param=b&Param-3=a"},
                    QueryCase{"ByEncodedName", "%7E=1&%C3%A9=2&z=3&a=4", "%C3%A9=2&a=4&z=3&~=1"},
                    QueryCase{"Escapes", "a=%2f%20%7e&b=x/y", "a=%2F%20~&b=x%2Fy"},
                    QueryCase{"PlusIsSpace", "a=x+y&a=x%2By", "a=x%20y&a=x%2By"},
                    QueryCase{"EqualsInValue", "a=b=c", "a=b%3Dc"},
                    QueryCase{"RawUtf8", "\xE1\x88\xB4=bar", "%E1%88%B4=bar"},
                    QueryCase{"SignatureGoes", "X-Amz-Signature=f&X-Amz-Date=d&x-amz-signature=g",
                              "X-Amz-Date=d&x-amz-signature=g"},
                    QueryCase{"EscapedSignatureGoes", "a=1&X%2DAmz-Signature=f", "a=1"},
                    QueryCase{"SecondQuestionMark", "a=b?c", "a=b%3Fc"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CanonicalQuery, RefusesBrokenEscapes) {
  for (const std::string_view query : {"%", "a=%", "a=%2", "%zz=1", "a=1&b=%g0"}) {
    EXPECT_FALSE(canonical_query(query)) << query;
  }
}

TEST(CanonicalRequest, TrimsCollapsesAndJoinsHeaderValues) {
  const auto request = HttpRequestBuilder("GET", "/?b=2&a=1")
                           .header("X-Many", "  v2 ")
                           .header("Host", "127.0.0.1:18999")
                           .header("User-Agent", "not signed")
                           .header("x-MANY", "v\t \t1")
                           .header("X-Quoted", "\"a   b\"   c")
                           .header("X-Folded", "one\n  two\r\n\tthree")
                           .header("X-Empty", "")
                           .build();
  const std::vector<std::string> names = {"host",     "x-absent", "x-empty",
                                          "x-folded", "x-many",   "x-quoted"};
  EXPECT_EQ(canonical_request(request, names, kEmptyHash, kNormalize).value(),
            "GET\n/\na=1&b=2\n"
            "host:127.0.0.1:18999\n"
            "x-absent:\n"
            "x-empty:\n"
            "x-folded:one two three\n"
            "x-many:v2,v 1\n"
            "x-quoted:\"a b\" c\n"
            "\n"
            "host;x-absent;x-empty;x-folded;x-many;x-quoted\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(CanonicalRequest, TellsNamesThatBeginAlikeApart) {
  const auto request = HttpRequestBuilder("GET", "/")
                           .header("X-A-B", "longer")
                           .header("X", "shorter")
                           .header("X-A", "signed")
                           .build();
  const std::vector<std::string> names = {"x-a"};
  EXPECT_EQ(canonical_request(request, names, "", kNormalize).value(),
            "GET\n/\n\nx-a:signed\n\nx-a\n");
}

TEST(CanonicalRequest, WantsSortedNames) {
  const auto request = HttpRequestBuilder("GET", "/").build();
  const std::vector<std::string> names = {"x-amz-date", "host"};
  EXPECT_FALSE(canonical_request(request, names, "", kNormalize));
}

TEST(CanonicalRequest, RefusesABrokenTarget) {
  const std::vector<std::string> names = {"host"};
  for (const char* target : {"/%", "/?a=%z", "nowhere"}) {
    EXPECT_FALSE(
        canonical_request(HttpRequestBuilder("GET", target).build(), names, "", kVerbatim));
  }
}

// The example of https://docs.aws.amazon.com/general/latest/gr/sigv4-create-canonical-request.html
// and the pages behind it.
TEST(Sigv4, FollowsTheDocumentedExampleStepByStep) {
  const auto request =
      HttpRequestBuilder("GET", "/?Action=ListUsers&Version=2010-05-08")
          .header("Host", "iam.amazonaws.com")
          .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
          .header("X-Amz-Date", "20150830T123600Z")
          .build();
  const std::vector<std::string> names = {"content-type", "host", "x-amz-date"};
  const auto canonical = canonical_request(request, names, kEmptyHash, kNormalize).value();
  EXPECT_EQ(base::hex_encode(base::sha256(canonical)),
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  const CredentialScope scope{"20150830", "us-east-1", "iam", "aws4_request"};
  const std::string text = string_to_sign("20150830T123600Z", scope, canonical);
  EXPECT_EQ(text,
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  EXPECT_EQ(signature(base::Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), scope, text),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

class Sign : public testing::Test {
 protected:
  base::Secret secret_{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  base::SystemTime now_ = parse_basic("20260102T030405Z").value();
};

// The signatures below are botocore 1.43's for the same requests.
TEST_F(Sign, AgreesWithBotocore) {
  auto request = HttpRequestBuilder("POST", "/")
                     .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                     .header("Host", "127.0.0.1:1339")
                     .header("X-Amz-Odd", "  a   \"b   c\"  d ")
                     .body("Action=GetCallerIdentity&Version=2011-06-15")
                     .build();
  const base::Secret token("IQoJ/token+with==");
  ASSERT_TRUE(
      sign(request, {"AKIAEXAMPLE000000000", &secret_, &token}, "ap-southeast-1", "sts", now_));
  EXPECT_EQ(request.headers.get("x-amz-date"), "20260102T030405Z");
  EXPECT_EQ(request.headers.get("x-amz-security-token"), "IQoJ/token+with==");
  EXPECT_EQ(request.headers.get("authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE000000000/20260102/ap-southeast-1/sts/"
            "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-odd;"
            "x-amz-security-token, "
            "Signature=f29b31f19b3b8a121eb9307817d3659df4a39865e5f7d436507c9ca4e2442d6a");
}

TEST_F(Sign, NormalizesThePathAndSortsTheQuery) {
  auto request = HttpRequestBuilder("GET", "/a%20b/./c/../%C3%A9//?z=1&a=%2F&a=%20&b=")
                     .header("Host", "localhost:1339")
                     .build();
  ASSERT_TRUE(sign(request, {"AKIAEXAMPLE000000000", &secret_}, "us-east-1", "execute-api", now_));
  EXPECT_EQ(request.headers.get("authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE000000000/20260102/us-east-1/execute-api/"
            "aws4_request, SignedHeaders=host;x-amz-date, "
            "Signature=8f8f027a28aed05a5258a01eb656392f2ae2d5319b399e21ecae56d677bfaed2");
  EXPECT_FALSE(request.headers.has("x-amz-security-token"));
  EXPECT_FALSE(request.headers.has("x-amz-content-sha256"));
}

TEST_F(Sign, TakesS3PathsVerbatimAndSendsTheHash) {
  auto request = HttpRequestBuilder("PUT", "/bucket/k%20%C3%A9%2B%20%252F..//.txt")
                     .header("Host", "127.0.0.1:1339")
                     .header("Content-Type", "text/plain")
                     .body("hello")
                     .build();
  ASSERT_TRUE(sign(request, {"AKIAEXAMPLE000000000", &secret_}, "us-east-1", "s3", now_));
  EXPECT_EQ(request.headers.get("x-amz-content-sha256"),
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(request.headers.get("authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE000000000/20260102/us-east-1/s3/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, "
            "Signature=a13b22fb214cfea0c6eebec3136708592639b16b3ab243f63e252b8b3c64b5a7");
}

TEST_F(Sign, ReplacesAnOlderSignature) {
  auto request = HttpRequestBuilder("GET", "/").header("Host", "h").build();
  ASSERT_TRUE(sign(request, {"AKIA1", &secret_}, "us-east-1", "sts", now_));
  auto again = request;
  ASSERT_TRUE(sign(again, {"AKIA1", &secret_}, "us-east-1", "sts", now_));
  EXPECT_EQ(again.headers.get("authorization"), request.headers.get("authorization"));
  EXPECT_EQ(again.headers.get_all("authorization").size(), 1U);
  EXPECT_EQ(again.headers.get_all("x-amz-date").size(), 1U);
}

TEST_F(Sign, NamesAHeaderOfTwoLinesOnce) {
  auto request = HttpRequestBuilder("GET", "/")
                     .header("Host", "h")
                     .header("X-Amz-Odd", "1")
                     .header("x-amz-odd", "2")
                     .build();
  ASSERT_TRUE(sign(request, {"AKIA1", &secret_}, "us-east-1", "sts", now_));
  EXPECT_NE(request.headers.get("authorization")->find("=host;x-amz-date;x-amz-odd,"),
            std::string_view::npos);
}

TEST_F(Sign, NeedsHostSecretAndAWholeTarget) {
  auto no_host = HttpRequestBuilder("GET", "/").build();
  EXPECT_FALSE(sign(no_host, {"AKIA1", &secret_}, "us-east-1", "sts", now_));
  auto request = HttpRequestBuilder("GET", "/").header("Host", "h").build();
  EXPECT_FALSE(sign(request, {"AKIA1"}, "us-east-1", "sts", now_));
  auto broken = HttpRequestBuilder("GET", "/%").header("Host", "h").build();
  EXPECT_FALSE(sign(broken, {"AKIA1", &secret_}, "us-east-1", "sts", now_));
}

}  // namespace
}  // namespace imdsd::aws
