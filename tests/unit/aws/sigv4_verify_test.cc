// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "aws/sigv4_authorization.h"
#include "aws/time_format.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::aws {
namespace {

using fakes::HttpRequestBuilder;

constexpr auto kNormalize = PathRule::normalize_and_encode_twice;
constexpr auto kVerbatim = PathRule::verbatim;

const base::SystemTime kNow = parse_basic("20260102T030405Z").value();
const char* const kSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

Authorization parsed(const base::HttpRequest& request, base::SystemTime now = kNow) {
  auto authorization = parse_authorization(request, now);
  EXPECT_TRUE(authorization) << authorization.error().message.value_or("");
  return std::move(authorization).value();
}

Outcome<void> verify(const base::HttpRequest& request, const char* secret = kSecret,
                     PathRule rule = kNormalize) {
  return verify_signature(request, parsed(request), base::Secret(secret), rule);
}

// As botocore 1.43 signs these.
HttpRequestBuilder header_signed() {
  return HttpRequestBuilder("POST", "/")
      .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
      .header("X-Amz-Odd", "  a   \"b   c\"  d ")
      .header("X-Amz-Date", "20260102T030405Z")
      .header("X-Amz-Security-Token", "IQoJ/token+with==")
      .header("Host", "127.0.0.1:1339")
      .header("Accept-Encoding", "identity")
      .header("Authorization",
              "AWS4-HMAC-SHA256 "
              "Credential=AKIAEXAMPLE000000000/20260102/ap-southeast-1/sts/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date;x-amz-odd;x-amz-security-token, "
              "Signature=f29b31f19b3b8a121eb9307817d3659df4a39865e5f7d436507c9ca4e2442d6a")
      .body("Action=GetCallerIdentity&Version=2011-06-15");
}

base::HttpRequest presigned() {
  return HttpRequestBuilder(
             "GET",
             "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256"
             "&X-Amz-Credential=AKIAEXAMPLE000000000%2F20260102%2Fus-east-1%2Fsts%2Faws4_request"
             "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host%3Bx-k8s-aws-"
             "id"
             "&X-Amz-Security-Token=IQoJ%2Ftoken%2Bwith%3D%3D"
             "&X-Amz-Signature=09d3b1570b22195c0bd90fc34409cc31eb7ec8c7f3b19cb71444556bae5e6899")
      .header("Host", "sts.localhost:1339")
      .header("x-k8s-aws-id", "my-cluster")
      .build();
}

base::HttpRequest presigned_s3(std::string_view path = "/bucket/a%20b.txt") {
  return HttpRequestBuilder(
             "GET",
             std::string(path) +
                 "?response-content-type=text%2Fplain&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                 "&X-Amz-Credential=AKIAEXAMPLE000000000%2F20260102%2Feu-west-1%2Fs3%2Faws4_request"
                 "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
                 "&X-Amz-Signature="
                 "492e89bd010da3b117da3b786e75cf8fcaacca9c7c6cf3f6e692115a7abd1b7a")
      .header("Host", "127.0.0.1:1339")
      .build();
}

TEST(VerifySignature, AcceptsWhatBotocoreSigned) {
  EXPECT_TRUE(verify(header_signed().build()));
  EXPECT_TRUE(verify(presigned()));
  EXPECT_TRUE(verify(presigned_s3(), kSecret, kVerbatim));
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST(VerifySignature, AcceptsTheDocumentedExamplesOfS3) {
  const auto now = parse_basic("20130524T000000Z").value();
  const base::Secret secret(kSecret);
  const auto ranged =
      HttpRequestBuilder("GET", "/test.txt")
          .header("Host", "examplebucket.s3.amazonaws.com")
          .header("Range", "bytes=0-9")
          .header("x-amz-content-sha256",
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
          .header("x-amz-date", "20130524T000000Z")
          .header(
              "Authorization",
              "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
              "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
              "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
          .build();
  EXPECT_TRUE(verify_signature(ranged, parsed(ranged, now), secret, kVerbatim));
  const auto url =
      HttpRequestBuilder(
          "GET",
          "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
          "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
          "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
          "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
          .header("Host", "examplebucket.s3.amazonaws.com")
          .build();
  EXPECT_TRUE(verify_signature(url, parsed(url, now), secret, kVerbatim));
}

TEST(VerifySignature, AnswersAMismatchWithTheSentenceOfTheService) {
  const auto result = verify(header_signed().build(), "another secret");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status, 403);
  EXPECT_EQ(result.error().code, "SignatureDoesNotMatch");
  EXPECT_EQ(
      result.error().message,
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.");
}

struct TamperCase {
  std::string_view name;
  void (*tamper)(base::HttpRequest&);
  bool accepted;
};

class Tampered : public testing::TestWithParam<TamperCase> {};

TEST_P(Tampered, HeaderSignedRequest) {
  auto request = header_signed().build();
  GetParam().tamper(request);
  EXPECT_EQ(verify(request).has_value(), GetParam().accepted);
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  text.replace(text.find(from), from.size(), to);
}

void edit_authorization(base::HttpRequest& request, std::string_view from, std::string_view to) {
  std::string header(*request.headers.get("authorization"));
  replace(header, from, to);
  request.headers.set("authorization", header);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, Tampered,
    testing::Values(
        TamperCase{"Untouched", [](base::HttpRequest&) {}, true},
        TamperCase{"UnsignedHeader", [](auto& r) { r.headers.set("Accept-Encoding", "gzip"); },
                   true},
        TamperCase{"SpacesInAValue", [](auto& r) { r.headers.set("X-Amz-Odd", "a \"b c\"    d"); },
                   true},
        TamperCase{"Method", [](auto& r) { r.method = "PUT"; }, false},
        TamperCase{"Path", [](auto& r) { r.target = "/x"; }, false},
        TamperCase{"Query", [](auto& r) { r.target = "/?a=1"; }, false},
        TamperCase{"Body", [](auto& r) { r.body += "&DurationSeconds=900"; }, false},
        TamperCase{"NoBody", [](auto& r) { r.body.clear(); }, false},
        TamperCase{"Port", [](auto& r) { r.headers.set("Host", "127.0.0.1:1340"); }, false},
        TamperCase{"NoPort", [](auto& r) { r.headers.set("Host", "127.0.0.1"); }, false},
        TamperCase{"Value", [](auto& r) { r.headers.set("X-Amz-Odd", "a \"b c\" e"); }, false},
        TamperCase{"SecondLine", [](auto& r) { r.headers.add("X-Amz-Odd", "e"); }, false},
        TamperCase{"Token", [](auto& r) { r.headers.set("X-Amz-Security-Token", "other"); }, false},
        TamperCase{"Date", [](auto& r) { r.headers.set("X-Amz-Date", "20260102T030406Z"); }, false},
        TamperCase{"Region", [](auto& r) { edit_authorization(r, "ap-southeast-1", "us-east-1"); },
                   false},
        TamperCase{"Service", [](auto& r) { edit_authorization(r, "/sts/", "/iam/"); }, false},
        TamperCase{"AccessKeyIdAlone", [](auto& r) { edit_authorization(r, "AKIAEX", "AKIAXX"); },
                   true},
        TamperCase{"FewerSignedHeaders", [](auto& r) { edit_authorization(r, "x-amz-odd;", ""); },
                   false},
        TamperCase{"MoreSignedHeaders",
                   [](auto& r) { edit_authorization(r, "=content", "=accept-encoding;content"); },
                   false},
        TamperCase{"HeaderTwiceInTheList",
                   [](auto& r) { edit_authorization(r, "host;", "host;host;"); }, false},
        TamperCase{"UpperCaseSignature", [](auto& r) { edit_authorization(r, "f29b", "F29B"); },
                   false},
        TamperCase{"ShortSignature", [](auto& r) { edit_authorization(r, "442d6a", "442d6"); },
                   false},
        TamperCase{"LongSignature", [](auto& r) { edit_authorization(r, "442d6a", "442d6a0"); },
                   false},
        TamperCase{"EmptySignature",
                   [](auto& r) {
                     edit_authorization(
                         r, "f29b31f19b3b8a121eb9307817d3659df4a39865e5f7d436507c9ca4e2442d6a", "");
                   },
                   false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(VerifySignature, CoversThePresignedQuery) {
  auto request = presigned();
  replace(request.target, "Expires=3600", "Expires=3601");
  EXPECT_FALSE(verify(request));
  request = presigned();
  replace(request.target, "token%2B", "token%2D");
  EXPECT_FALSE(verify(request));
  request = presigned();
  request.target += "&DurationSeconds=900";
  EXPECT_FALSE(verify(request));
  request = presigned();
  request.headers.set("x-k8s-aws-id", "another-cluster");
  EXPECT_FALSE(verify(request));
  request = presigned();
  request.body = "Action=AssumeRole";
  EXPECT_FALSE(verify(request));
}

// Some signers add the token to a URL that they have signed without it: it proves itself.
TEST(VerifySignature, AcceptsATokenThatWasAddedToTheSignedUrl) {
  auto request = presigned();
  replace(request.target, "&X-Amz-Security-Token=IQoJ%2Ftoken%2Bwith%3D%3D", "");
  const auto authorization = parsed(request);
  EXPECT_FALSE(verify(request)) << "signed with the token";
  const std::string canonical =
      canonical_request(request, authorization.signed_headers,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                        kNormalize)
          .value();
  const std::string without_token =
      signature(base::Secret(kSecret), authorization.scope,
                string_to_sign(authorization.amz_date, authorization.scope, canonical));
  replace(request.target, authorization.signature, without_token);
  EXPECT_TRUE(verify(request));
  request.target += "&X-Amz-Security-Token=IQoJ%2Fanother";
  EXPECT_TRUE(verify(request));
  request.target += "&DurationSeconds=900";
  EXPECT_FALSE(verify(request));
}

TEST(VerifySignature, HashesTheBodyWhateverAQueryServiceIsTold) {
  auto request = header_signed().build();
  request.headers.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  EXPECT_TRUE(verify(request)) << "not signed, so just another header";
  request.body += "x";
  EXPECT_FALSE(verify(request));
}

TEST(VerifySignature, TakesTheHashOfS3Literally) {
  const base::Secret secret(kSecret);
  auto request = HttpRequestBuilder("PUT", "/bucket/k").header("Host", "h").body("hello").build();
  ASSERT_TRUE(sign(request, {"AKIA1", &secret}, "us-east-1", "s3", kNow));
  EXPECT_TRUE(verify(request, kSecret, kVerbatim));
  request.body = "another body, checked where it is read";
  EXPECT_TRUE(verify(request, kSecret, kVerbatim));
  request.headers.set("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD");
  EXPECT_FALSE(verify(request, kSecret, kVerbatim));
}

TEST(VerifySignature, LeavesThePathOfS3AsItStands) {
  EXPECT_FALSE(verify(presigned_s3("/bucket//a%20b.txt"), kSecret, kVerbatim));
  EXPECT_FALSE(verify(presigned_s3("/bucket/./a%20b.txt"), kSecret, kVerbatim));
  EXPECT_TRUE(verify(presigned_s3("/bucket/%61%20b.txt"), kSecret, kVerbatim)) << "the same name";
}

TEST(VerifySignature, HoldsForWhatSignMakes) {
  const base::Secret secret(kSecret);
  const base::Secret token("token");
  for (const char* target : {"/", "/?b=2&a=1&a", "/a%2Fb/../c//d?x=%C3%A9+y", "/%7E?~"}) {
    for (const std::string_view service : {"sts", "iam", "s3", "execute-api"}) {
      auto request = HttpRequestBuilder("POST", target).header("Host", "h:1").body("a=b").build();
      ASSERT_TRUE(sign(request, {"AKIA1", &secret, &token}, "us-east-1", service, kNow));
      const auto rule = service == "s3" ? kVerbatim : kNormalize;
      EXPECT_TRUE(verify(request, kSecret, rule)) << target << " " << service;
      EXPECT_TRUE(check_scope(parsed(request), service, "us-east-1"));
    }
  }
}

TEST(VerifySignature, StaysFastWithThousandsOfHeadersAndNames) {
  HttpRequestBuilder builder("GET", "/");
  std::string names = "host";
  for (int i = 0; i < 4000; ++i) {
    builder.header("a" + std::to_string(i), "v");
    names += ";a" + std::to_string(i);
  }
  const auto request = builder.header("X-Amz-Date", "20260102T030405Z")
                           .header("Authorization",
                                   "AWS4-HMAC-SHA256 Credential=A/20260102/r/sts/"
                                   "aws4_request, SignedHeaders=" +
                                       names + ", Signature=f")
                           .build();
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(verify(request));  // seconds, were it quadratic
}

struct ScopeCase {
  std::string_view name, scope, service, region, message;  // empty: accepted
};

class CheckScope : public testing::TestWithParam<ScopeCase> {};

TEST_P(CheckScope, NamesEverythingThatIsWrong) {
  const auto& c = GetParam();
  const auto request =
      HttpRequestBuilder("GET", "/")
          .header("Host", "h")
          .header("X-Amz-Date", "20260102T030405Z")
          .header("Authorization", "AWS4-HMAC-SHA256 Credential=A/" + std::string(c.scope) +
                                       ", SignedHeaders=host, Signature=f")
          .build();
  const auto result = check_scope(parsed(request), c.service, c.region);
  ASSERT_EQ(result.has_value(), c.message.empty());
  if (result) return;
  EXPECT_EQ(result.error().status, 403);
  EXPECT_EQ(result.error().code, "SignatureDoesNotMatch");
  EXPECT_EQ(result.error().message, c.message);
}

INSTANTIATE_TEST_SUITE_P(
    Scopes, CheckScope,
    testing::Values(
        ScopeCase{"Right", "20260102/us-east-1/sts/aws4_request", "sts", "us-east-1", ""},
        ScopeCase{"AnyRegion", "20260102/aws-global/sts/aws4_request", "sts", "", ""},
        ScopeCase{"NoRegion", "20260102//sts/aws4_request", "sts", "", ""},
        ScopeCase{"OtherRegion", "20260102/eu-west-1/sts/aws4_request", "sts", "us-east-1",
                  "Credential should be scoped to a valid region. "},
        ScopeCase{"OtherService", "20260102/us-east-1/iam/aws4_request", "sts", "us-east-1",
                  "Credential should be scoped to correct service: 'sts'. "},
        ScopeCase{"RegionAndService", "20260102/eu-west-1/iam/aws4_request", "sts", "us-east-1",
                  "Credential should be scoped to a valid region. "
                  "Credential should be scoped to correct service: 'sts'. "},
        ScopeCase{"Terminator", "20260102/us-east-1/sts/aws5_request", "sts", "",
                  "Credential should be scoped with a valid terminator: 'aws4_request', not "
                  "'aws5_request'. "},
        ScopeCase{
            "Date", "20260101/us-east-1/sts/aws4_request", "sts", "",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            "HTTP: '20260101' != '20260102', from '20260102T030405Z'. "},
        ScopeCase{
            "Everything", "x/y/z/t", "sts", "us-east-1",
            "Credential should be scoped to a valid region. "
            "Credential should be scoped to correct service: 'sts'. "
            "Credential should be scoped with a valid terminator: 'aws4_request', not 't'. "
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            "HTTP: 'x' != '20260102', from '20260102T030405Z'. "}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace imdsd::aws
