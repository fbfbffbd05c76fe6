// SPDX-License-Identifier: MIT
#include "aws/sigv4_authorization.h"

#include <gtest/gtest.h>

#include "aws/time_format.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::aws {
namespace {

using fakes::HttpRequestBuilder;

const base::SystemTime kNow = parse_basic("20150830T123600Z").value();
constexpr std::string_view kDate = "20150830T123600Z";

std::string header_with(std::string_view credential, std::string_view signed_headers) {
  return "AWS4-HMAC-SHA256 Credential=" + std::string(credential) +
         ", SignedHeaders=" + std::string(signed_headers) + ", Signature=f00d";
}

const std::string kGoodHeader =
    header_with("AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request", "host;x-amz-date");

HttpRequestBuilder post() {
  return HttpRequestBuilder("POST", "/").header("Host", "h");
}

constexpr std::string_view kGoodQuery =
    "/?Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fsts%2Faws4_request"
    "&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=f00d";

/// kGoodQuery without the parameter of that name.
std::string query_without(std::string_view name) {
  std::string target(kGoodQuery);
  const std::size_t start = target.find("&" + std::string(name) + "=");
  EXPECT_NE(start, std::string::npos) << name;
  return target.erase(start, target.find('&', start + 1) - start);
}

std::string sigv4a_query(std::string_view credential) {
  return "/?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential=" + std::string(credential) +
         "&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Signature=f00d";
}

TEST(IsSigned, LooksForAHeaderOrTheAlgorithm) {
  EXPECT_FALSE(is_signed(post().build()));
  EXPECT_FALSE(is_signed(HttpRequestBuilder("GET", "/?X-Amz-Date=1").build()));
  EXPECT_TRUE(is_signed(post().header("authorization", "Bearer x").build()));
  EXPECT_TRUE(is_signed(HttpRequestBuilder("GET", "/?a=1&X-Amz-Algorithm=x").build()));
  EXPECT_TRUE(is_signed(HttpRequestBuilder("GET", "/?X%2DAmz-Algorithm=x").build()));
}

TEST(ParseAuthorization, ReadsTheHeader) {
  const auto parsed = parse_authorization(post()
                                              .header("Authorization", kGoodHeader)
                                              .header("X-Amz-Date", std::string(kDate))
                                              .header("X-Amz-Security-Token", "tok/en==")
                                              .build(),
                                          kNow);
  ASSERT_TRUE(parsed) << parsed.error().message.value_or("");
  EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(parsed->scope.to_string(), "20150830/us-east-1/sts/aws4_request");
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(parsed->signature, "f00d");
  EXPECT_EQ(parsed->amz_date, kDate);
  EXPECT_EQ(parsed->time, kNow);
  EXPECT_FALSE(parsed->presigned);
  EXPECT_EQ(parsed->session_token.reveal(), "tok/en==");
}

TEST(ParseAuthorization, ReadsAPresignedUrl) {
  const auto request =
      HttpRequestBuilder("GET", std::string(kGoodQuery) + "&X-Amz-Security-Token=tok%2Fen%3D%3D")
          .header("Host", "h")
          .build();
  const auto parsed = parse_authorization(request, kNow);
  ASSERT_TRUE(parsed) << parsed.error().message.value_or("");
  EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(parsed->scope.to_string(), "20150830/us-east-1/sts/aws4_request");
  EXPECT_EQ(parsed->signed_headers, std::vector<std::string>{"host"});
  EXPECT_EQ(parsed->signature, "f00d");
  EXPECT_TRUE(parsed->presigned);
  EXPECT_EQ(parsed->session_token.reveal(), "tok/en==");
}

TEST(ParseAuthorization, NeedsNoExpires) {
  EXPECT_TRUE(
      parse_authorization(HttpRequestBuilder("GET", query_without("X-Amz-Expires")).build(), kNow));
}

struct SpellingCase {
  std::string_view name, header;
};

class AuthorizationSpelling : public testing::TestWithParam<SpellingCase> {};

TEST_P(AuthorizationSpelling, IsUnderstood) {
  const auto parsed =
      parse_authorization(post()
                              .header("Authorization", std::string(GetParam().header))
                              .header("X-Amz-Date", std::string(kDate))
                              .build(),
                          kNow);
  ASSERT_TRUE(parsed) << parsed.error().message.value_or("");
  EXPECT_EQ(parsed->access_key_id, "A");
  EXPECT_EQ(parsed->signature, "f");
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
}

INSTANTIATE_TEST_SUITE_P(
    Headers, AuthorizationSpelling,
    testing::Values(
        SpellingCase{
            "NoSpaces",
            "AWS4-HMAC-SHA256 Credential=A/d/r/s/t,SignedHeaders=host;x-amz-date,Signature=f"},
        SpellingCase{"ManySpaces",
                     "AWS4-HMAC-SHA256   Credential=A/d/r/s/t ,  SignedHeaders=host;x-amz-date "
                     ",\tSignature=f"},
        SpellingCase{
            "OtherOrder",
            "AWS4-HMAC-SHA256 Signature=f, SignedHeaders=host;x-amz-date, Credential=A/d/r/s/t"},
        SpellingCase{
            "EmptyPieces",
            "AWS4-HMAC-SHA256 ,Credential=A/d/r/s/t,, SignedHeaders=host;x-amz-date, Signature=f,"},
        SpellingCase{"UnknownParameter",
                     "AWS4-HMAC-SHA256 X=1, Credential=A/d/r/s/t, SignedHeaders=host;x-amz-date, "
                     "Signature=f"},
        SpellingCase{"LastDuplicateWins",
                     "AWS4-HMAC-SHA256 Credential=B/d/r/s/t, SignedHeaders=y, Signature=e, "
                     "Credential=A/d/r/s/t, "
                     "SignedHeaders=host;x-amz-date, Signature=f"},
        SpellingCase{
            "UnsortedNames",
            "AWS4-HMAC-SHA256 Credential=A/d/r/s/t,SignedHeaders=x-amz-date;host,Signature=f"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseAuthorization, TakesTheFirstOfTwoHeaders) {
  const auto parsed = parse_authorization(post()
                                              .header("Authorization", kGoodHeader)
                                              .header("Authorization", "Bearer x")
                                              .header("X-Amz-Date", std::string(kDate))
                                              .build(),
                                          kNow);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
}

TEST(ParseAuthorization, FallsBackToDateInBasicFormat) {
  const auto parsed = parse_authorization(
      post().header("Authorization", kGoodHeader).header("Date", std::string(kDate)).build(), kNow);
  ASSERT_TRUE(parsed) << parsed.error().message.value_or("");
  EXPECT_EQ(parsed->amz_date, kDate);
  const auto both = parse_authorization(post()
                                            .header("Authorization", kGoodHeader)
                                            .header("Date", "Sun, 30 Aug 2015 12:36:00 GMT")
                                            .header("X-Amz-Date", std::string(kDate))
                                            .build(),
                                        kNow);
  EXPECT_TRUE(both);
}

struct TokenCase {
  std::string_view name;
  bool presigned;
  std::string_view signed_headers, header, query, expected;
};

class SessionToken : public testing::TestWithParam<TokenCase> {};

TEST_P(SessionToken, IsTakenFromWhereItCounts) {
  const auto& c = GetParam();
  std::string target = "/?a=1";
  if (c.presigned) {
    target = query_without("X-Amz-SignedHeaders") +
             "&X-Amz-SignedHeaders=" + std::string(c.signed_headers);
  }
  if (!c.query.empty()) target += "&X-Amz-Security-Token=" + std::string(c.query);
  HttpRequestBuilder builder("GET", target);
  builder.header("X-Amz-Date", std::string(kDate));
  if (!c.presigned) {
    builder.header("Authorization", header_with("A/20150830/r/sts/aws4_request", c.signed_headers));
  }
  if (!c.header.empty()) builder.header("x-amz-SECURITY-token", std::string(c.header));
  const auto parsed = parse_authorization(builder.build(), kNow);
  ASSERT_TRUE(parsed) << parsed.error().message.value_or("");
  EXPECT_EQ(parsed->session_token.reveal(), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Places, SessionToken,
    testing::Values(TokenCase{"Nowhere", false, "host", "", "", ""},
                    TokenCase{"Header", false, "host;x-amz-security-token", "h", "", "h"},
                    TokenCase{"UnsignedHeader", false, "host", "h", "", "h"},
                    TokenCase{"HeaderBeforeQuery", false, "host", "h", "q", "h"},
                    TokenCase{"QueryOfHeaderSigned", false, "host", "", "q", "q"},
                    TokenCase{"Presigned", true, "host", "", "q", "q"},
                    TokenCase{"PresignedUnsignedHeader", true, "host", "h", "", "h"},
                    TokenCase{"PresignedQueryBeforeUnsignedHeader", true, "host", "h", "q", "q"},
                    TokenCase{"PresignedSignedHeaderBeforeQuery", true, "host;x-amz-security-token",
                              "h", "q", "h"}),
    [](const auto& test) { return std::string(test.param.name); });

struct ErrorCase {
  std::string_view name;
  base::HttpRequest request;
  int status;
  std::string_view code, message;
};

class AuthorizationError : public testing::TestWithParam<ErrorCase> {};

TEST_P(AuthorizationError, IsThatOfTheService) {
  const auto parsed = parse_authorization(GetParam().request, kNow);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().status, GetParam().status);
  EXPECT_EQ(parsed.error().code, GetParam().code);
  EXPECT_EQ(parsed.error().message, GetParam().message);
  EXPECT_EQ(parsed.error().fault, ServiceError::Fault::sender);
}

base::HttpRequest with_header(std::string authorization, std::string date = std::string(kDate)) {
  return post()
      .header("Authorization", std::move(authorization))
      .header("X-Amz-Date", std::move(date))
      .build();
}

base::HttpRequest get(std::string target) {
  return HttpRequestBuilder("GET", std::move(target)).header("Host", "h").build();
}

constexpr std::string_view kMismatch =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

INSTANTIATE_TEST_SUITE_P(
    InOrder, AuthorizationError,
    testing::Values(
        // 1: the target. Each of these also lacks everything that is checked later.
        ErrorCase{"PathEscape", get("/a%zz"), 400, "InvalidURIPath",
                  "Illegal hex character in escape % pattern: %zz"},
        ErrorCase{"QueryEscape", get("/?a=%2"), 400, "MalformedQueryString",
                  "Incomplete trailing escape % sequence"},
        // 2: which form
        ErrorCase{"BothForms",
                  HttpRequestBuilder("GET", std::string(kGoodQuery))
                      .header("Authorization", "Bearer x")
                      .build(),
                  403, "SignatureDoesNotMatch", kMismatch},
        ErrorCase{"NeitherForm", post().build(), 403, "MissingAuthenticationToken",
                  "Request is missing Authentication Token"},
        // 3: syntax of the header
        ErrorCase{"OtherAlgorithm", with_header("Bearer abc"), 400, "IncompleteSignature",
                  "Unsupported AWS 'algorithm': 'Bearer'."},
        ErrorCase{"LongerAlgorithm", with_header("AWS4-HMAC-SHA256-PAYLOAD Credential=a"), 400,
                  "IncompleteSignature",
                  "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA256-PAYLOAD'."},
        ErrorCase{"EmptyHeader", with_header(""), 400, "IncompleteSignature",
                  "Unsupported AWS 'algorithm': ''."},
        ErrorCase{"NoEqualSign", with_header("AWS4-HMAC-SHA256 Credential=a, x"), 400,
                  "IncompleteSignature",
                  "'x' not a valid key=value pair (missing equal-sign) in Authorization header: "
                  "'AWS4-HMAC-SHA256 Credential=a, x'"},
        ErrorCase{
            "NothingBehindTheAlgorithm", post().header("Authorization", "AWS4-HMAC-SHA256").build(),
            400, "IncompleteSignature",
            "Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            "(Hashed with SHA-256 and encoded with Base64) "
            "Authorization=YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0="},
        ErrorCase{
            "NoSignature", with_header("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b"), 400,
            "IncompleteSignature",
            "Authorization header requires 'Signature' parameter. (Hashed with SHA-256 and "
            "encoded with Base64) Authorization=3Pr+vyPJRtLX86dwXTUhwaf5UIUUxtP/g+sepNlmYDo="},
        // 3: syntax of the query
        ErrorCase{"OtherAlgorithmInQuery", get("/?X-Amz-Algorithm=AWS4-HMAC-SHA512"), 403,
                  "MissingAuthenticationToken", "Request is missing Authentication Token"},
        ErrorCase{"OnlyTheAlgorithmInQuery", get("/?X-Amz-Algorithm=AWS4-HMAC-SHA256"), 400,
                  "IncompleteSignature",
                  "AWS query-string parameters must include 'X-Amz-Credential'. "
                  "AWS query-string parameters must include 'X-Amz-Signature'. "
                  "AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
                  "AWS query-string parameters must include 'X-Amz-Date'. "
                  "Re-examine the query-string parameters."},
        ErrorCase{
            "NoDateInQuery", get(query_without("X-Amz-Date")), 400, "IncompleteSignature",
            "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string "
            "parameters."},
        // 3: SigV4A needs the region set besides
        ErrorCase{"NoRegionSet",
                  with_header("AWS4-ECDSA-P256-SHA256 Credential=a, SignedHeaders=b, Signature=c"),
                  400, "IncompleteSignature",
                  "Authorization header requires existence of a 'X-Amz-Region-Set' header. (Hashed "
                  "with SHA-256 and encoded with Base64) "
                  "Authorization=0352Hno3bc5DFNUEv9B6iBvQO1YvVzH/H41bwhKj23M="},
        ErrorCase{"NoRegionSetInQuery",
                  get(sigv4a_query("AKIDEXAMPLE%2F20150830%2Fsts%2Faws4_request")), 400,
                  "IncompleteSignature",
                  "AWS query-string parameters must include 'X-Amz-Region-Set'. Re-examine the "
                  "query-string parameters."},
        // 4: host, although the date is wrong, too
        ErrorCase{"HostNotSigned",
                  with_header(header_with("a", "content-type;x-amz-date"), "today"), 403,
                  "SignatureDoesNotMatch",
                  "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
        ErrorCase{"HostInUpperCase", with_header(header_with("a", "Host;x-amz-date")), 403,
                  "SignatureDoesNotMatch",
                  "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
        ErrorCase{"RegionSetNotSigned",
                  post()
                      .header("Authorization",
                              "AWS4-ECDSA-P256-SHA256 Credential=a, "
                              "SignedHeaders=host, Signature=c")
                      .header("X-Amz-Date", "today")
                      .header("X-Amz-Region-Set", "*")
                      .build(),
                  403, "SignatureDoesNotMatch",
                  "'X-Amz-Region-Set' must be a 'SignedHeader' in the AWS Authorization."},
        // 5: date, although the credential is wrong, too
        ErrorCase{"DateFormat", with_header(header_with("a", "host"), "2015-08-30T12:36:00Z"), 400,
                  "IncompleteSignature",
                  "Date must be in ISO-8601 'basic format'. Got '2015-08-30T12:36:00Z'. See "
                  "http://en.wikipedia.org/wiki/ISO_8601"},
        ErrorCase{
            "RfcDate",
            post()
                .header("Authorization", kGoodHeader)
                .header("Date", "Sun, 30 Aug 2015 12:36:00 GMT")
                .build(),
            400, "IncompleteSignature",
            "Date must be in ISO-8601 'basic format'. Got 'Sun, 30 Aug 2015 12:36:00 GMT'. See "
            "http://en.wikipedia.org/wiki/ISO_8601"},
        // 6: clock, although the credential is wrong, too
        ErrorCase{"Expired", with_header(header_with("a", "host"), "20150830T122059Z"), 403,
                  "SignatureDoesNotMatch",
                  "Signature expired: 20150830T122059Z is now earlier than 20150830T122100Z "
                  "(20150830T123600Z - 15 min.)"},
        ErrorCase{
            "NotYetCurrent", with_header(header_with("a", "host"), "20150830T125101Z"), 403,
            "SignatureDoesNotMatch",
            "Signature not yet current: 20150830T125101Z is still later than 20150830T125100Z "
            "(20150830T123600Z + 15 min.)"},
        // 7: shape of the credential
        ErrorCase{"ShortCredential", with_header(header_with("a/b/c/d", "host")), 400,
                  "IncompleteSignature",
                  "Credential must have exactly 5 slash-delimited elements, e.g. "
                  "keyid/date/region/service/term, got 'a/b/c/d'"},
        ErrorCase{"LongCredential", with_header(header_with("a/b/c/d/e/f", "host")), 400,
                  "IncompleteSignature",
                  "Credential must have exactly 5 slash-delimited elements, e.g. "
                  "keyid/date/region/service/term, got 'a/b/c/d/e/f'"},
        ErrorCase{"RegionInTheCredentialOfSigV4A",
                  get(sigv4a_query("a%2Fb%2Fc%2Fd%2Fe") + "&X-Amz-Region-Set=%2A"), 400,
                  "IncompleteSignature",
                  "Credential must have exactly 4 slash-delimited elements, e.g. "
                  "keyid/date/service/term, got 'a/b/c/d/e'"},
        ErrorCase{"EmptyCredential", with_header(header_with("", "host")), 400,
                  "IncompleteSignature",
                  "Credential must have exactly 5 slash-delimited elements, e.g. "
                  "keyid/date/region/service/term, got ''"}),
    [](const auto& test) { return std::string(test.param.name); });

struct SkewCase {
  std::string_view name, date;
  int now_micros;
  bool accepted;
};

class ClockSkew : public testing::TestWithParam<SkewCase> {};

TEST_P(ClockSkew, IsBoundedBy15MinutesBothWays) {
  const auto now = kNow + std::chrono::microseconds(GetParam().now_micros);
  EXPECT_EQ(
      parse_authorization(with_header(kGoodHeader, std::string(GetParam().date)), now).has_value(),
      GetParam().accepted);
  std::string target = query_without("X-Amz-Date") + "&X-Amz-Date=" + std::string(GetParam().date);
  EXPECT_EQ(parse_authorization(get(target), now).has_value(), GetParam().accepted)
      << "X-Amz-Expires is 60 and does not count";
}

INSTANTIATE_TEST_SUITE_P(
    Dates, ClockSkew,
    testing::Values(SkewCase{"Oldest", "20150830T122100Z", 0, true},
                    SkewCase{"OldestWithinTheSecond", "20150830T122100Z", 999'999, true},
                    SkewCase{"TooOld", "20150830T122059Z", 0, false},
                    SkewCase{"TooOldASecondLater", "20150830T122100Z", 1'000'000, false},
                    SkewCase{"Newest", "20150830T125100Z", 0, true},
                    SkewCase{"TooNew", "20150830T125101Z", 0, false},
                    SkewCase{"TooNewWithinTheSecond", "20150830T125101Z", 999'999, false},
                    SkewCase{"OtherYear", "00010101T000000Z", 0, false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseAuthorization, ReadsSigV4A) {
  const auto parsed = parse_authorization(
      get(sigv4a_query("AKIDEXAMPLE%2F20150830%2Fsts%2Faws4_request") + "&X-Amz-Region-Set=eu-%2A"),
      kNow);
  ASSERT_TRUE(parsed) << parsed.error().message.value_or("");
  EXPECT_EQ(parsed->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(parsed->scope.region, std::nullopt);
  EXPECT_EQ(parsed->scope.to_string(), "20150830/sts/aws4_request");
  EXPECT_EQ(parsed->scope.algorithm(), "AWS4-ECDSA-P256-SHA256");
  EXPECT_EQ(parsed->region_set, "eu-*");
}

TEST(ParseAuthorization, RefusesEveryTruncationThatLosesAPart) {
  const std::size_t value = kGoodHeader.find("Signature=") + std::string_view("Signature=").size();
  for (std::size_t n = 0; n < value; ++n) {
    EXPECT_FALSE(parse_authorization(with_header(kGoodHeader.substr(0, n)), kNow)) << n;
  }
  const std::size_t parts = kGoodQuery.find("X-Amz-Signature");
  for (std::size_t n = 0; n < parts; ++n) {
    EXPECT_FALSE(parse_authorization(get(std::string(kGoodQuery.substr(0, n))), kNow)) << n;
  }
}

}  // namespace
}  // namespace imdsd::aws
