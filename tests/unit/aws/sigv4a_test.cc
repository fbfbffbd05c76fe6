// SPDX-License-Identifier: MIT
#include "aws/sigv4a.h"

#include <gtest/gtest.h>

#include "aws/sigv4_authorization.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/p256.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::aws {
namespace {

using fakes::HttpRequestBuilder;

const base::SystemTime kNow = parse_basic("20260102T030405Z").value();
const base::Secret kSecret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

// The pair that the SDKs' common runtime publishes for this derivation.
TEST(SigV4aPrivateKey, IsThatOfTheSdks) {
  const base::Secret secret("q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom");
  const auto key = sigv4a_private_key("AKISORANDOMAASORANDOM", secret);
  EXPECT_EQ(base::hex_encode(key.reveal()),
            "7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd");
  EXPECT_EQ(base::P256PublicKey::of_private(key.reveal()).value().coordinates_hex(),
            "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb"
            "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0");
}

TEST(SigV4aPrivateKey, DependsOnTheKeyIdToo) {
  EXPECT_NE(sigv4a_private_key("AKIA1", kSecret).reveal(),
            sigv4a_private_key("AKIA2", kSecret).reveal());
}

// As awscrt 0.38 signs these.
HttpRequestBuilder header_signed() {
  return HttpRequestBuilder("POST", "/")
      .header("Host", "127.0.0.1:1339")
      .header("Content-Type", "application/x-www-form-urlencoded")
      .header("X-Amz-Security-Token", "IQoJ/token+with==")
      .header("X-Amz-Date", "20260102T030405Z")
      .header("X-Amz-Region-Set", "us-*")
      .header("Authorization",
              "AWS4-ECDSA-P256-SHA256 Credential=AKIAEXAMPLE000000000/20260102/sts/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date;x-amz-region-set;x-amz-security-token, "
              "Signature=3045022100e31a75c4572d07586f963588cef597e33d7ba265320ef5d4c45f8041fc387"
              "83a02204aea21e0f4e1515a00ef204c5f4946bef26529aeb29e6b44e8946b1d1ed27b7e")
      .body("Action=GetCallerIdentity&Version=2011-06-15");
}

base::HttpRequest presigned(std::string_view signature, std::string_view region_set = "us-%2A") {
  return HttpRequestBuilder(
             "GET",
             "/?Action=GetCallerIdentity&Version=2011-06-15"
             "&X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256"
             "&X-Amz-Credential=AKIAEXAMPLE000000000%2F20260102%2Fsts%2Faws4_request"
             "&X-Amz-Date=20260102T030405Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600"
             "&X-Amz-Security-Token=IQoJ%2Ftoken%2Bwith%3D%3D&X-Amz-Region-Set=" +
                 std::string(region_set) + "&X-Amz-Signature=" + std::string(signature))
      .header("Host", "127.0.0.1:1339")
      .build();
}

constexpr std::string_view kSignedWithToken =
    "3046022100b98617fa2ea053417d862570a2ed1db163dd7aac1751fbaf854043a3076ace80022100f30ccefb1cff"
    "54d7700b97ac20964bf8e8d527080a02d58aaa1b3691bd96ca10";
constexpr std::string_view kTokenAddedLater =
    "3044022067dcf541298bc98f1e05603639b1b126b376c9a984cb4bf0bd670b809b3dc78902207cbc111a393182f6"
    "012eb63f8ed55d566995f76cf02037c4e2f721475b4b7362";

bool holds(const base::HttpRequest& request, const base::Secret& secret = kSecret) {
  const auto authorization = parse_authorization(request, kNow);
  EXPECT_TRUE(authorization) << authorization.error().message.value_or("");
  return authorization &&
         verify_signature(request, *authorization, secret, PathRule::normalize_and_encode_twice);
}

TEST(SigV4a, HoldsInTheHeader) {
  EXPECT_TRUE(holds(header_signed().build()));
  EXPECT_FALSE(holds(header_signed().build(), base::Secret("another secret")));
  EXPECT_FALSE(holds(header_signed().body("Action=AssumeRole").build()));
}

TEST(SigV4a, HoldsInTheQuery) {
  EXPECT_TRUE(holds(presigned(kSignedWithToken)));
  EXPECT_FALSE(holds(presigned(kSignedWithToken, "eu-west-1")));
}

TEST(SigV4a, CoversTheRegionSet) {
  auto request = header_signed().build();
  request.headers.set("X-Amz-Region-Set", "*");
  EXPECT_FALSE(holds(request));
}

// omit_session_token of the SDKs' common runtime.
TEST(SigV4a, HoldsWithATokenThatWasAddedToTheSignedUrl) {
  EXPECT_TRUE(holds(presigned(kTokenAddedLater)));
}

TEST(SigV4a, TakesASignatureInLowerCaseOnly) {
  std::string upper(kSignedWithToken);
  upper[5] = 'A';
  EXPECT_FALSE(holds(presigned(upper)));
  EXPECT_FALSE(holds(presigned("")));
  EXPECT_FALSE(holds(presigned("not hex")));
}

TEST(SigV4a, IsScopedToARegionByItsSet) {
  const auto request = header_signed().build();
  const auto authorization = parse_authorization(request, kNow).value();
  EXPECT_TRUE(check_scope(authorization, "sts", ""));
  EXPECT_TRUE(check_scope(authorization, "sts", "us-west-2"));
  const auto refused = check_scope(authorization, "sts", "eu-west-1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Credential should be scoped to a valid region. ");
  EXPECT_FALSE(check_scope(authorization, "iam", ""));
}

struct SetCase {
  std::string_view name, set, region;
  bool covered;
};

class RegionSet : public testing::TestWithParam<SetCase> {};

TEST_P(RegionSet, CoversTheRegionsItNames) {
  EXPECT_EQ(region_set_covers(GetParam().set, GetParam().region), GetParam().covered);
}

INSTANTIATE_TEST_SUITE_P(
    Sets, RegionSet,
    testing::Values(SetCase{"One", "us-east-1", "us-east-1", true},
                    SetCase{"Another", "us-east-1", "us-east-2", false},
                    SetCase{"List", "us-east-1, eu-west-1", "eu-west-1", true},
                    SetCase{"NotInTheList", "us-east-1,eu-west-1", "eu-west-2", false},
                    SetCase{"All", "*", "ap-southeast-1", true},
                    SetCase{"Continent", "us-east-1,eu-*", "eu-central-1", true},
                    SetCase{"OtherContinent", "us-east-1,eu-*", "us-west-2", false},
                    SetCase{"Middle", "us-*-1", "us-gov-west-1", true},
                    SetCase{"TwoStars", "*-*-1", "us-west-1", true},
                    SetCase{"NoOverlap", "us-1*1", "us-1", false},
                    SetCase{"LongerThanTheRegion", "us-east-11*", "us-east-1", false},
                    SetCase{"Prefix", "us-east", "us-east-1", false},
                    SetCase{"Empty", "", "us-east-1", false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(RegionSet, StaysFastWithThousandsOfStars) {
  std::string set;
  for (int i = 0; i < 4000; ++i) set += "*a";
  EXPECT_FALSE(region_set_covers(set, std::string(4000, 'a') + "b"));
}

}  // namespace
}  // namespace imdsd::aws
