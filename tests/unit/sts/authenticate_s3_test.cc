// SPDX-License-Identifier: MIT
// The order and the words of S3, as far as they were seen on the real service.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "aws/ids.h"
#include "sts/authenticate.h"
#include "sts/issue_for_service.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {
namespace {

using support::kAccount;
using support::StsWorld;

class AuthenticateS3 : public testing::Test {
 protected:
  AuthenticateS3() {
    world_.users.push_back({.name = "dev"});
    world_.users.push_back({.name = "retired", .active = false});
    world_.roles.push_back({.name = "app-role", .trust = support::kTrustEc2});
  }

  /// The code of the error, or the caller's ARN.
  std::string outcome(const base::HttpRequest& request, std::string_view region = "us-east-1") {
    const auto found = authenticate_s3(request, region, world_.authority(), world_.clock.now());
    if (!found) last_ = found.error();
    return found ? found->caller.principal.arn : found.error().code;
  }

  std::string detail(std::string_view name) {
    for (const auto& [key, value] : last_.details) {
      if (key == name) return value;
    }
    return "(none)";
  }

  aws::Credentials session() {
    return issue_for_service({.service_principal = "ec2.amazonaws.com",
                              .account = std::string(kAccount),
                              .role_name = "app-role",
                              .session_name = "i-1",
                              .lifetime = std::chrono::hours(1),
                              .delivery = iam::RoleDelivery::imdsv2,
                              .source_instance_arn = ""},
                             world_.authority(), world_.clock.now(), world_.random)
        .value();
  }

  base::HttpRequest get(const std::string& id, const base::Secret& secret,
                        const base::Secret* token, std::string_view service = "s3",
                        std::string_view region = "us-east-1") {
    base::HttpRequest request;
    request.method = "GET";
    request.target = "/bucket/key";
    request.headers.add("Host", "127.0.0.1:1339");
    // The rules of the path are S3's whatever the scope says.
    EXPECT_TRUE(aws::sign(request, {id, &secret, token}, region, service, world_.clock.now()));
    return request;
  }

  base::HttpRequest of_user(std::string_view name, const base::Secret* token = nullptr) {
    const auto key = StsWorld::key_of(name);
    return get(key.id, key.secret, token);
  }

  static void break_signature(base::HttpRequest& request) {
    std::string header(*request.headers.get("Authorization"));
    header.back() = header.back() == '0' ? '1' : '0';
    request.headers.set("Authorization", header);
  }

  StsWorld world_;
  aws::S3Error last_;
};

TEST_F(AuthenticateS3, AcceptsAUserAndASession) {
  EXPECT_EQ(outcome(of_user("dev")), "arn:aws:iam::123456789012:user/dev");
  const auto credentials = session();
  EXPECT_EQ(outcome(get(credentials.access_key_id, credentials.secret_access_key,
                        &credentials.session_token)),
            "arn:aws:sts::123456789012:assumed-role/app-role/i-1");
}

TEST_F(AuthenticateS3, TellsTheChainOfSignaturesOfABodyInSignedChunks) {
  const auto key = StsWorld::key_of("dev");
  base::HttpRequest request;
  request.method = "PUT";
  request.target = "/bucket/key";
  request.headers.add("Host", "127.0.0.1:1339");
  request.headers.add("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  ASSERT_TRUE(
      aws::sign(request, {key.id, &key.secret, nullptr}, "us-east-1", "s3", world_.clock.now()));
  const auto found = authenticate_s3(request, "", world_.authority(), world_.clock.now());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->chunk_signatures);
  EXPECT_FALSE(found->authorization.presigned);

  request = of_user("dev");
  EXPECT_FALSE(authenticate_s3(request, "", world_.authority(), world_.clock.now())
                   .value()
                   .chunk_signatures);
}

TEST_F(AuthenticateS3, AWrongRegionIsToldBeforeAWrongService) {
  const auto key = StsWorld::key_of("nobody");
  const auto request = get(key.id, key.secret, nullptr, "sts", "eu-west-1");
  EXPECT_EQ(outcome(request), "AuthorizationHeaderMalformed");
  EXPECT_EQ(last_.message,
            "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting "
            "'us-east-1'");
  EXPECT_EQ(detail("Region"), "us-east-1");
  EXPECT_EQ(last_.bucket_region, "us-east-1");
  EXPECT_EQ(outcome(request, "eu-west-1"), "AuthorizationHeaderMalformed");
  EXPECT_EQ(last_.message,
            "The authorization header is malformed; incorrect service \"sts\". This endpoint "
            "belongs to \"s3\".");
}

TEST_F(AuthenticateS3, AnUnsignedTokenHeaderIsToldBeforeTheTokenAndTheKey) {
  auto request = of_user("nobody");
  request.headers.add("X-Amz-Security-Token", "not a token");
  EXPECT_EQ(outcome(request), "AccessDenied");
  EXPECT_EQ(last_.message, "There were headers present in the request which were not signed");
  EXPECT_EQ(detail("HeadersNotSigned"), "x-amz-security-token");
}

TEST_F(AuthenticateS3, AMalformedTokenIsToldBeforeTheKey) {
  const base::Secret token("not a token");
  for (const char* name : {"nobody", "retired", "dev"}) {
    EXPECT_EQ(outcome(of_user(name, &token)), "InvalidToken") << name;
    EXPECT_EQ(last_.status, 400);
    EXPECT_EQ(detail("Token-0"), "not a token");
  }
}

TEST_F(AuthenticateS3, AKeyThatIsNobodysIsUnknownWhateverTheSignature) {
  const auto mine = session();
  const auto other = session();
  for (auto request : {of_user("nobody"), of_user("retired"), of_user("dev", &other.session_token),
                       get(mine.access_key_id, mine.secret_access_key, nullptr),
                       get(mine.access_key_id, mine.secret_access_key, &other.session_token)}) {
    EXPECT_EQ(outcome(request), "InvalidAccessKeyId");
    break_signature(request);
    EXPECT_EQ(outcome(request), "InvalidAccessKeyId");
    EXPECT_EQ(last_.status, 403);
    EXPECT_NE(detail("AWSAccessKeyId"), "(none)");
  }
}

TEST_F(AuthenticateS3, AnExpiredSessionIsToldBeforeItsRoleAndItsSignature) {
  const auto credentials = session();
  world_.clock.advance(std::chrono::hours(1));
  world_.drop_role("app-role");
  auto request =
      get(credentials.access_key_id, credentials.secret_access_key, &credentials.session_token);
  break_signature(request);
  EXPECT_EQ(outcome(request), "ExpiredToken");
  EXPECT_EQ(last_.status, 400);
  EXPECT_EQ(last_.message, "The provided token has expired.");
  EXPECT_EQ(detail("Token-0"), credentials.session_token.reveal());
}

TEST_F(AuthenticateS3, AGoneRoleIsToldBeforeTheSignature) {
  const auto credentials = session();
  world_.drop_role("app-role");
  auto request =
      get(credentials.access_key_id, credentials.secret_access_key, &credentials.session_token);
  break_signature(request);
  EXPECT_EQ(outcome(request), "InvalidAccessKeyId");
}

TEST_F(AuthenticateS3, AWrongSignatureTellsWhatWasSigned) {
  auto request = of_user("dev");
  break_signature(request);
  EXPECT_EQ(outcome(request), "SignatureDoesNotMatch");
  EXPECT_EQ(last_.message,
            "The request signature we calculated does not match the signature you provided. Check "
            "your key and signing method.");
  EXPECT_EQ(detail("AWSAccessKeyId"), StsWorld::key_of("dev").id);
  EXPECT_TRUE(detail("StringToSign").starts_with("AWS4-HMAC-SHA256\n20260101T000000Z\n"));
  EXPECT_TRUE(detail("StringToSignBytes").starts_with("41 57 53 34 2d "));
  EXPECT_TRUE(detail("CanonicalRequest").starts_with("GET\n/bucket/key\n\nhost:127.0.0.1:1339\n"));
  EXPECT_TRUE(detail("CanonicalRequestBytes").starts_with("47 45 54 0a 2f "));
  EXPECT_EQ(detail("SignatureProvided").size(), 64U);
}

TEST_F(AuthenticateS3, OffChecksNoSignature) {
  world_.mode = iam::AuthMode::off;
  auto request = of_user("dev");
  break_signature(request);
  EXPECT_EQ(outcome(request),
            "arn:aws:iam::" + std::string(aws::account_in_id(StsWorld::key_of("dev").id)->text()) +
                ":root");
}

}  // namespace
}  // namespace imdsd::sts
