// SPDX-License-Identifier: MIT
#include "sts/authenticate.h"

#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "sts/issue_for_service.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {
namespace {

using support::kAccount;
using support::StsWorld;

constexpr std::string_view kForm = "Action=GetCallerIdentity&Version=2011-06-15";

const aws::ServiceError kInvalidToken{403, "InvalidClientTokenId",
                                      "The security token included in the request is invalid."};
const aws::ServiceError kExpired{403, "ExpiredToken",
                                 "The security token included in the request is expired"};

class Authenticate : public testing::Test {
 protected:
  Authenticate() {
    world_.users.push_back({.name = "dev", .path = "/team/"});
    world_.users.push_back({.name = "retired", .active = false});
    world_.roles.push_back({.name = "app-role", .trust = support::kTrustEc2, .path = "/svc/"});
  }

  aws::Outcome<iam::Caller> authenticate(const base::HttpRequest& request,
                                         std::string_view service = "sts") {
    return sts::authenticate(request, service, aws::PathRule::normalize_and_encode_twice,
                             world_.authority(), world_.clock.now());
  }

  aws::Credentials session(std::chrono::seconds lifetime = std::chrono::hours(6)) {
    return issue_for_service(
               {.service_principal = "ec2.amazonaws.com",
                .account = std::string(kAccount),
                .role_name = "app-role",
                .session_name = "i-1",
                .lifetime = lifetime,
                .delivery = iam::RoleDelivery::imdsv2,
                .source_instance_arn = "arn:aws:ec2:us-east-1:123456789012:instance/i-1"},
               world_.authority(), world_.clock.now(), world_.random)
        .value();
  }

  template <class Key>
  base::HttpRequest signed_by(const Key& key, std::string_view service = "sts") {
    auto request = StsWorld::post(kForm);
    world_.sign(request, key, service);
    return request;
  }

  /// The signature's last digit is another one.
  static void break_signature(base::HttpRequest& request) {
    std::string header(*request.headers.get("Authorization"));
    header.back() = header.back() == '0' ? '1' : '0';
    request.headers.set("Authorization", header);
  }

  std::string role_id() {
    return world_.authority().directory->find<iam::Role>(kAccount, "app-role")->unique_id;
  }

  StsWorld world_;
};

aws::ServiceError error_of(const aws::Outcome<iam::Caller>& outcome) {
  return outcome ? aws::ServiceError{200, "none", std::nullopt} : outcome.error();
}

TEST_F(Authenticate, AcceptsAUsersKey) {
  const auto caller = authenticate(signed_by(StsWorld::key_of("dev")));
  ASSERT_TRUE(caller) << *caller.error().message;
  EXPECT_EQ(caller->principal.type, iam::PrincipalType::user);
  EXPECT_EQ(caller->principal.arn, "arn:aws:iam::123456789012:user/team/dev");
  EXPECT_EQ(caller->principal.entity_arn, caller->principal.arn);
  EXPECT_TRUE(caller->principal.user_id.starts_with("AIDA"));
  EXPECT_EQ(caller->principal.entity_id, caller->principal.user_id);
  EXPECT_EQ(caller->principal.account, kAccount);
  EXPECT_EQ(caller->principal.name, "dev");
  EXPECT_EQ(caller->access_key_id, StsWorld::key_of("dev").id);
  EXPECT_EQ(caller->session, nullptr);
}

TEST_F(Authenticate, AcceptsASession) {
  const auto credentials = session();
  const auto caller = authenticate(signed_by(credentials));
  ASSERT_TRUE(caller) << *caller.error().message;
  EXPECT_EQ(caller->principal.type, iam::PrincipalType::assumed_role);
  EXPECT_EQ(caller->principal.arn, "arn:aws:sts::123456789012:assumed-role/app-role/i-1")
      << "the role's path is dropped";
  EXPECT_EQ(caller->principal.entity_arn, "arn:aws:iam::123456789012:role/svc/app-role");
  EXPECT_EQ(caller->principal.entity_id, role_id());
  EXPECT_EQ(caller->principal.user_id, role_id() + ":i-1");
  EXPECT_EQ(caller->principal.session_name, "i-1");
  EXPECT_EQ(caller->access_key_id, credentials.access_key_id);
  ASSERT_TRUE(caller->session);
  EXPECT_EQ(caller->session->role_delivery, iam::RoleDelivery::imdsv2);
  EXPECT_EQ(caller->session->source_instance_arn,
            "arn:aws:ec2:us-east-1:123456789012:instance/i-1");
  EXPECT_EQ(caller->session->expiration, credentials.expiration);
}

TEST_F(Authenticate, AcceptsAPresignedUrl) {
  const auto caller = authenticate(world_.presigned(kForm, session()));
  ASSERT_TRUE(caller) << *caller.error().message;
  EXPECT_EQ(caller->principal.session_name, "i-1");
}

TEST_F(Authenticate, UnsignedIsMissingItsToken) {
  EXPECT_EQ(error_of(authenticate(StsWorld::post(kForm))),
            (aws::ServiceError{403, "MissingAuthenticationToken",
                               "Request is missing Authentication Token"}));
}

TEST_F(Authenticate, UnknownKeyIsInvalid) {
  EXPECT_EQ(error_of(authenticate(signed_by(StsWorld::key_of("nobody")))), kInvalidToken);
}

TEST_F(Authenticate, InactiveKeyIsInvalidEvenWithABadSignatureOrAToken) {
  auto request = signed_by(StsWorld::key_of("retired"));
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
  break_signature(request);
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
  request.headers.set("X-Amz-Security-Token", "x");
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
}

TEST_F(Authenticate, WrongSecretIsAMismatch) {
  auto key = StsWorld::key_of("dev");
  key.secret = base::Secret("another");
  EXPECT_EQ(error_of(authenticate(signed_by(key))).code, "SignatureDoesNotMatch");
  auto request = signed_by(session());
  break_signature(request);
  EXPECT_EQ(error_of(authenticate(request)).code, "SignatureDoesNotMatch");
}

TEST_F(Authenticate, AChangedBodyIsAMismatch) {
  auto request = signed_by(StsWorld::key_of("dev"));
  request.body += "&x=y";
  EXPECT_EQ(error_of(authenticate(request)).code, "SignatureDoesNotMatch");
}

TEST_F(Authenticate, LongTermKeyWithATokenFailsBehindTheSignature) {
  auto key = StsWorld::key_of("dev");
  const base::Secret token("some-token");
  auto request = StsWorld::post(kForm);
  ASSERT_TRUE(
      aws::sign(request, {key.id, &key.secret, &token}, "us-east-1", "sts", world_.clock.now()));
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
  break_signature(request);
  EXPECT_EQ(error_of(authenticate(request)).code, "SignatureDoesNotMatch");
}

TEST_F(Authenticate, TemporaryKeyNeedsItsOwnToken) {
  const auto mine = session();
  const auto other = session();
  const auto sign_with = [&](const base::Secret* token) {
    auto request = StsWorld::post(kForm);
    EXPECT_TRUE(aws::sign(request, {mine.access_key_id, &mine.secret_access_key, token},
                          "us-east-1", "sts", world_.clock.now()));
    return error_of(authenticate(request));
  };
  const base::Secret garbage("IQoJb3JpZ2luX2VjAAAA");
  const base::Secret empty;
  EXPECT_EQ(sign_with(nullptr), kInvalidToken);
  EXPECT_EQ(sign_with(&empty), kInvalidToken);
  EXPECT_EQ(sign_with(&garbage), kInvalidToken);
  EXPECT_EQ(sign_with(&other.session_token), kInvalidToken);
  EXPECT_EQ(sign_with(&mine.session_token).code, "none");
}

TEST_F(Authenticate, ASessionLivesExactlyUntilItsExpiration) {
  world_.clock.advance(std::chrono::milliseconds(700));
  const auto credentials = session(std::chrono::seconds(60));
  EXPECT_EQ(credentials.expiration, fakes::ManualClock::kStart + std::chrono::seconds(60));
  world_.clock.set(credentials.expiration - std::chrono::microseconds(1));
  EXPECT_TRUE(authenticate(signed_by(credentials)));
  world_.clock.set(credentials.expiration);
  EXPECT_EQ(error_of(authenticate(signed_by(credentials))), kExpired);
}

TEST_F(Authenticate, ExpiryIsToldBeforeSignatureAndRole) {
  const auto credentials = session(std::chrono::seconds(60));
  world_.clock.advance(std::chrono::seconds(61));
  auto request = signed_by(credentials);
  break_signature(request);
  EXPECT_EQ(error_of(authenticate(request)), kExpired);
  world_.drop_role("app-role");
  EXPECT_EQ(error_of(authenticate(request)), kExpired);
}

TEST_F(Authenticate, ASessionEndsWithItsRole) {
  const auto request = signed_by(session());
  world_.drop_role("app-role");
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
  world_.roles.push_back({.name = "app-role", .trust = support::kTrustEc2, .path = "/svc/"});
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken) << "recreated, it is another role";
  EXPECT_TRUE(authenticate(signed_by(session())));
}

TEST_F(Authenticate, AGoneRoleIsToldBeforeABadSignature) {
  auto request = signed_by(session());
  break_signature(request);
  world_.drop_role("app-role");
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
}

TEST_F(Authenticate, AnotherKeyRingKnowsNoneOfOurSessions) {
  const auto request = signed_by(session());
  world_.new_key_ring();
  EXPECT_EQ(error_of(authenticate(request)), kInvalidToken);
}

TEST_F(Authenticate, TheScopeMustNameTheService) {
  EXPECT_EQ(error_of(authenticate(signed_by(StsWorld::key_of("dev"), "iam"))),
            (aws::ServiceError{403, "SignatureDoesNotMatch",
                               "Credential should be scoped to correct service: 'sts'. "}));
  EXPECT_TRUE(authenticate(signed_by(StsWorld::key_of("dev"), "iam"), "iam"));
}

TEST_F(Authenticate, TheScopeIsToldBeforeTheKey) {
  EXPECT_EQ(error_of(authenticate(signed_by(StsWorld::key_of("nobody"), "iam"))).code,
            "SignatureDoesNotMatch");
}

TEST_F(Authenticate, AnyRegionIsAccepted) {
  for (const char* region : {"ap-southeast-1", "aws-global", "us-gov-west-1"}) {
    auto request = StsWorld::post(kForm);
    const auto key = StsWorld::key_of("dev");
    ASSERT_TRUE(
        aws::sign(request, {key.id, &key.secret, nullptr}, region, "sts", world_.clock.now()));
    EXPECT_TRUE(authenticate(request)) << region;
  }
}

TEST_F(Authenticate, ASignatureOlderThanFifteenMinutesHasExpired) {
  const auto request = signed_by(StsWorld::key_of("dev"));
  world_.clock.advance(std::chrono::minutes(15) + std::chrono::seconds(1));
  EXPECT_EQ(error_of(authenticate(request)).code, "SignatureDoesNotMatch");
}

// auth.mode = "audit" relaxes authorization, not authentication.
TEST_F(Authenticate, AuditRefusesWhatEnforceRefuses) {
  world_.mode = iam::AuthMode::audit;
  EXPECT_EQ(error_of(authenticate(StsWorld::post(kForm))).code, "MissingAuthenticationToken");
  EXPECT_EQ(error_of(authenticate(signed_by(StsWorld::key_of("nobody")))), kInvalidToken);
  auto request = signed_by(session());
  break_signature(request);
  EXPECT_EQ(error_of(authenticate(request)).code, "SignatureDoesNotMatch");
  EXPECT_TRUE(authenticate(signed_by(session())));
}

class AuthenticateOff : public Authenticate {
 protected:
  AuthenticateOff() { world_.mode = iam::AuthMode::off; }

  std::string arn_of_key(const std::string& id) {
    StsWorld::LongTermKey key{id, base::Secret("whatever")};
    const auto caller = authenticate(signed_by(key));
    return caller ? caller->principal.arn : caller.error().code;
  }
};

TEST_F(AuthenticateOff, OurSessionsKeepTheirIdentityWhateverTheSignature) {
  auto request = signed_by(session());
  break_signature(request);
  const auto caller = authenticate(request);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->principal.arn, "arn:aws:sts::123456789012:assumed-role/app-role/i-1");
  EXPECT_TRUE(caller->session);
}

TEST_F(AuthenticateOff, AnyOtherKeyIsRootOfTheAccountInIt) {
  EXPECT_EQ(arn_of_key("ASIAY34FZKBOKMUTVV7A"), "arn:aws:iam::609629065308:root");
  EXPECT_EQ(arn_of_key("000000000042"), "arn:aws:iam::000000000042:root");
}

TEST_F(AuthenticateOff, AKeyThatNamesNoAccountIsRootOfTheDefaultOne) {
  EXPECT_EQ(arn_of_key("test"), "arn:aws:iam::111122223333:root");
  EXPECT_EQ(arn_of_key("AKIAIOSFODNN7EXAMPLE"), "arn:aws:iam::111122223333:root");
}

TEST_F(AuthenticateOff, RootHasTheAccountAsItsId) {
  const auto caller = authenticate(signed_by(StsWorld::LongTermKey{"test", base::Secret("x")}));
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->principal.type, iam::PrincipalType::account_root);
  EXPECT_EQ(caller->principal.user_id, "111122223333");
  EXPECT_EQ(caller->principal.account, "111122223333");
}

TEST_F(AuthenticateOff, AnUnsignedCallStillNamesNobody) {
  EXPECT_EQ(error_of(authenticate(StsWorld::post(kForm))).code, "MissingAuthenticationToken");
}

}  // namespace
}  // namespace imdsd::sts
