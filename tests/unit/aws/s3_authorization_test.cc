// SPDX-License-Identifier: MIT
#include "aws/s3_authorization.h"

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "aws/time_format.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::aws {
namespace {

using fakes::HttpRequestBuilder;

const base::SystemTime kNow = parse_basic("20150830T123600Z").value();
constexpr std::string_view kScope = "AKIDEXAMPLE/20150830/us-east-1/s3/aws4_request";

std::string header_of(std::string_view credential) {
  return "AWS4-HMAC-SHA256 Credential=" + std::string(credential) +
         ", SignedHeaders=host;x-amz-date, Signature=f00d";
}

base::HttpRequest header_signed(std::string authorization, std::string date = "20150830T123600Z") {
  return HttpRequestBuilder("GET", "/bucket/key")
      .header("Host", "h")
      .header("Authorization", std::move(authorization))
      .header("X-Amz-Date", std::move(date))
      .build();
}

struct Presigned {
  std::string algorithm = "AWS4-HMAC-SHA256";
  std::string credential = "AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request";
  std::string date = "20150830T123600Z";
  std::string expires = "60";
  std::string rest = "&X-Amz-SignedHeaders=host&X-Amz-Signature=f00d";

  [[nodiscard]] base::HttpRequest build() const {
    std::string target = "/bucket/key?X-Amz-Algorithm=" + algorithm;
    target.append("&X-Amz-Credential=").append(credential).append("&X-Amz-Date=").append(date);
    target.append("&X-Amz-Expires=").append(expires).append(rest);
    return HttpRequestBuilder("GET", target).header("Host", "h").build();
  }
};

S3Error error_of(const base::HttpRequest& request, base::SystemTime now = kNow) {
  const auto parsed = parse_s3_authorization(request, "us-east-1", now);
  return parsed ? S3Error{200, "none", ""} : parsed.error();
}

TEST(ParseS3Authorization, ReadsHeaderAndQuery) {
  for (const auto& request : {header_signed(header_of(kScope)), Presigned{}.build()}) {
    const auto parsed = parse_s3_authorization(request, "us-east-1", kNow);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
    EXPECT_EQ(parsed->scope.to_string(), "20150830/us-east-1/s3/aws4_request");
    EXPECT_EQ(parsed->signature, "f00d");
    EXPECT_EQ(parsed->time, kNow);
  }
}

TEST(ParseS3Authorization, ReadsSigV4A) {
  const auto request =
      Presigned{.algorithm = "AWS4-ECDSA-P256-SHA256",
                .credential = "AKIDEXAMPLE%2F20150830%2Fs3%2Faws4_request",
                .rest = "&X-Amz-SignedHeaders=host&X-Amz-Signature=f00d&X-Amz-Region-Set=us-%2A"}
          .build();
  EXPECT_TRUE(parse_s3_authorization(request, "us-east-1", kNow));
  const auto elsewhere = parse_s3_authorization(request, "eu-west-1", kNow);
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().message,
            "Error parsing the X-Amz-Credential parameter; the region 'us-*' is wrong; expecting "
            "'eu-west-1'");
}

struct ErrorCase {
  std::string_view name;
  base::HttpRequest request;
  int status;
  std::string_view code, message;
};

class S3AuthorizationError : public testing::TestWithParam<ErrorCase> {};

TEST_P(S3AuthorizationError, IsThatOfTheService) {
  const S3Error error = error_of(GetParam().request);
  EXPECT_EQ(error.status, GetParam().status);
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_EQ(error.message, GetParam().message);
}

constexpr std::string_view kHeaderCode = "AuthorizationHeaderMalformed";
constexpr std::string_view kQueryCode = "AuthorizationQueryParametersError";
constexpr std::string_view kMissingParameters =
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
    "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";

INSTANTIATE_TEST_SUITE_P(
    InOrder, S3AuthorizationError,
    testing::Values(
        ErrorCase{
            "BothForms",
            HttpRequestBuilder("GET", "/?X-Amz-Algorithm=x").header("Authorization", "y").build(),
            400, "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
            "Signature query string parameter or the Authorization header should be "
            "specified"},
        ErrorCase{"OtherAlgorithm", header_signed("Bearer x"), 400, "InvalidArgument",
                  "Unsupported Authorization Type"},
        ErrorCase{"NoEqualSign", header_signed("AWS4-HMAC-SHA256 Credential"), 400, kHeaderCode,
                  "The authorization header is malformed; the authorization component "
                  "\"Credential\" is malformed."},
        ErrorCase{"NoSignature", header_signed("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b"),
                  400, kHeaderCode,
                  "The authorization header is malformed; the authorization header requires three "
                  "components: Credential, SignedHeaders, and Signature."},
        ErrorCase{"BadDate", header_signed(header_of(kScope), "today"), 403, "AccessDenied",
                  "AWS authentication requires a valid Date or x-amz-date header"},
        ErrorCase{"ShortCredential", header_signed(header_of("a/b")), 400, kHeaderCode,
                  "The authorization header is malformed; the Credential is mal-formed; expecting "
                  "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."},
        ErrorCase{"OtherDay", header_signed(header_of("a/20150829/us-east-1/s3/aws4_request")), 400,
                  kHeaderCode,
                  "The authorization header is malformed; Invalid credential date. Date is not the "
                  "same as X-Amz-Date."},
        ErrorCase{"RegionBeforeService", header_signed(header_of("a/20150830/mars/sts/x")), 400,
                  kHeaderCode,
                  "The authorization header is malformed; the region 'mars' is wrong; expecting "
                  "'us-east-1'"},
        ErrorCase{"ServiceBeforeTerminator", header_signed(header_of("a/20150830/us-east-1/sts/x")),
                  400, kHeaderCode,
                  "The authorization header is malformed; incorrect service \"sts\". This endpoint "
                  "belongs to \"s3\"."},
        ErrorCase{"Terminator", header_signed(header_of("a/20150830/us-east-1/s3/x")), 400,
                  kHeaderCode,
                  "The authorization header is malformed; incorrect terminal \"x\". This endpoint "
                  "uses \"aws4_request\"."},
        ErrorCase{"ScopeBeforeClock",
                  header_signed(header_of("a/20150101/mars/s3/x"), "20150101T000000Z"), 400,
                  kHeaderCode,
                  "The authorization header is malformed; the region 'mars' is wrong; expecting "
                  "'us-east-1'"},
        ErrorCase{"NoParameters", HttpRequestBuilder("GET", "/?X-Amz-Algorithm=x").build(), 400,
                  kQueryCode, kMissingParameters},
        ErrorCase{"NoSignatureInQuery", Presigned{.rest = "&X-Amz-SignedHeaders=host"}.build(), 400,
                  kQueryCode, kMissingParameters},
        ErrorCase{"OtherAlgorithmInQuery", Presigned{.algorithm = "AWS4-X"}.build(), 400,
                  kQueryCode,
                  "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""},
        ErrorCase{"BadDateInQuery", Presigned{.date = "today"}.build(), 400, kQueryCode,
                  "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""},
        ErrorCase{"ShortCredentialInQuery", Presigned{.credential = "a"}.build(), 400, kQueryCode,
                  "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
                  "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."},
        ErrorCase{"ExpiresOfLetters", Presigned{.expires = "1h"}.build(), 400, kQueryCode,
                  "X-Amz-Expires should be a number"},
        ErrorCase{"NoExpires", Presigned{.expires = ""}.build(), 400, kQueryCode,
                  "X-Amz-Expires should be a number"},
        ErrorCase{"NegativeExpires", Presigned{.expires = "-1"}.build(), 400, kQueryCode,
                  "X-Amz-Expires must be non-negative"},
        ErrorCase{"LongExpires", Presigned{.expires = "604801"}.build(), 400, kQueryCode,
                  "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                  "X-Amz-Expires must be less than 604800 seconds"},
        ErrorCase{"EndlessExpires", Presigned{.expires = "99999999999999999999"}.build(), 400,
                  kQueryCode,
                  "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                  "X-Amz-Expires must be less than 604800 seconds"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseS3Authorization, BoundsTheClockOfAHeader) {
  using namespace std::chrono_literals;
  const auto request = header_signed(header_of(kScope));
  EXPECT_EQ(error_of(request, kNow + 15min).code, "none");
  EXPECT_EQ(error_of(request, kNow - 15min).code, "none");
  EXPECT_EQ(error_of(request, kNow - 15min - 1s).code, "RequestTimeTooSkewed");
  EXPECT_EQ(error_of(request, kNow + 15min + 1s),
            (S3Error{403,
                     "RequestTimeTooSkewed",
                     "The difference between the request time and the current time is too large.",
                     {{"RequestTime", "20150830T123600Z"},
                      {"ServerTime", "2015-08-30T12:51:01Z"},
                      {"MaxAllowedSkewMilliseconds", "900000"}}}));
}

TEST(ParseS3Authorization, LetsAPresignedUrlLiveForItsExpires) {
  using namespace std::chrono_literals;
  const auto minute = Presigned{}.build();
  EXPECT_EQ(error_of(minute, kNow + 60s).code, "none");
  EXPECT_EQ(error_of(minute, kNow + 60s + 999ms).code, "none");
  EXPECT_EQ(error_of(minute, kNow + 61s), (S3Error{403,
                                                   "AccessDenied",
                                                   "Request has expired",
                                                   {{"X-Amz-Expires", "60"},
                                                    {"Expires", "2015-08-30T12:37:00Z"},
                                                    {"ServerTime", "2015-08-30T12:37:01Z"}}}));
  EXPECT_EQ(error_of(Presigned{.expires = "604800"}.build(), kNow + 168h).code, "none");
  EXPECT_EQ(error_of(minute, kNow - 15min).code, "none");
  EXPECT_EQ(error_of(minute, kNow - 15min - 1s).message, "Request is not yet valid");
}

TEST(ParseS3Authorization, NamesTheHeadersThatAreNotSigned) {
  auto request = header_signed(header_of(kScope));
  request.headers.add("X-Amz-Meta-A", "1");
  request.headers.add("Accept", "*/*");
  request.headers.add("x-amz-acl", "private");
  EXPECT_EQ(error_of(request),
            (S3Error{403,
                     "AccessDenied",
                     "There were headers present in the request which were not signed",
                     {{"HeadersNotSigned", "x-amz-meta-a, x-amz-acl"}}}));
}

TEST(ParseS3Authorization, PrefersASignedTokenHeaderToTheQuery) {
  auto request =
      Presigned{.rest =
                    "&X-Amz-SignedHeaders=host%3Bx-amz-security-token&X-Amz-Signature=f00d"
                    "&X-Amz-Security-Token=query"}
          .build();
  request.headers.add("X-Amz-Security-Token", "header");
  EXPECT_EQ(parse_s3_authorization(request, "", kNow).value().session_token.reveal(), "header");
}

}  // namespace
}  // namespace imdsd::aws
