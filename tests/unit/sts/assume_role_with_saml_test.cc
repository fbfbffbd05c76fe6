// SPDX-License-Identifier: MIT
#include "sts/assume_role_with_saml.h"

#include <string>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "tests/unit/sts/assume_role_with_saml_fixture.h"

namespace imdsd::sts {
namespace {

TEST_F(AssumeRoleWithSaml, NeedsNoSignature) {
  EXPECT_TRUE(is_unsigned_action("AssumeRoleWithSAML"));
}

TEST_F(AssumeRoleWithSaml, StartsASessionOfTheRole) {
  const ActionAnswer answer = assume();
  ASSERT_EQ(outcome(answer), "ok");
  const std::string& xml = answer.xml.value();
  EXPECT_EQ(element(xml, "Issuer"), support::kEntityId);
  EXPECT_EQ(element(xml, "Audience"), "https://signin.aws.amazon.com/saml");
  EXPECT_EQ(element(xml, "Subject"), "alice");
  EXPECT_EQ(element(xml, "SubjectType"), "persistent");
  EXPECT_EQ(
      element(xml, "NameQualifier"),
      base::base64_encode(base::sha1(std::string(support::kEntityId) + "123456789012" + "/idp")));
  EXPECT_EQ(element(xml, "Arn"), "arn:aws:sts::123456789012:assumed-role/target/alice@example.com");
  EXPECT_EQ(element(xml, "AssumedRoleId").substr(0, 4), "AROA");
  EXPECT_EQ(element(xml, "PackedPolicySize"), "");
  EXPECT_EQ(element(xml, "SourceIdentity"), "");
  EXPECT_EQ(expiration_of(answer), "2026-01-01T01:00:00Z");
  EXPECT_EQ(answer.resource, kRoleArn);
  EXPECT_EQ(answer.vouched_for, "arn:aws:iam::123456789012:saml-provider/idp alice");
  const iam::Caller caller = caller_of(answer);
  EXPECT_EQ(caller.principal.arn,
            "arn:aws:sts::123456789012:assumed-role/target/alice@example.com");
  EXPECT_TRUE(may(caller, "s3:GetObject", "arn:aws:s3:::bucket/key"));
  EXPECT_FALSE(may(caller, "s3:PutObject", "arn:aws:s3:::bucket/key"));
}

TEST_F(AssumeRoleWithSaml, TakesSessionPolicies) {
  const ActionAnswer answer = assume({{"Policy", deny("s3:GetObject", "*")}});
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_NE(element(answer.xml.value(), "PackedPolicySize"), "");
  EXPECT_FALSE(may(caller_of(answer), "s3:GetObject", "arn:aws:s3:::bucket/key"));
  EXPECT_EQ(outcome(assume({{"Policy", "{"}})).substr(0, 27), "400 MalformedPolicyDocument");
  EXPECT_EQ(outcome(assume({{"PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/none"}}))
                .substr(0, 4),
            "400 ");
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html: the shortest
// counts.
TEST_F(AssumeRoleWithSaml, LastsAsLongAsAllAgree) {
  EXPECT_EQ(expiration_of(assume({{"DurationSeconds", "7200"}})), "2026-01-01T02:00:00Z");
  SamlResponse longer = response_;
  longer.add_aws("SessionDuration", {"43200"});
  EXPECT_EQ(expiration_of(assume(longer)), "2026-01-01T01:00:00Z");
  EXPECT_EQ(expiration_of(assume(longer, {{"DurationSeconds", "14400"}})), "2026-01-01T04:00:00Z");
  SamlResponse shorter = response_;
  shorter.add_aws("SessionDuration", {"900"});
  EXPECT_EQ(expiration_of(assume(shorter, {{"DurationSeconds", "7200"}})), "2026-01-01T00:15:00Z");
  shorter.authn_attributes = R"(SessionNotOnOrAfter="2026-01-01T00:10:00.700Z")";
  EXPECT_EQ(expiration_of(assume(shorter)), "2026-01-01T00:10:00Z");
  shorter.authn_attributes = R"(SessionNotOnOrAfter="2026-01-02T00:00:00Z")";
  EXPECT_EQ(expiration_of(assume(shorter)), "2026-01-01T00:15:00Z");
}

TEST_F(AssumeRoleWithSaml, MayNotOutlastTheRoleNorTheProvidersSession) {
  EXPECT_EQ(outcome(assume({{"DurationSeconds", "14401"}})),
            "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role.");
  EXPECT_EQ(outcome(assume({{"DurationSeconds", "43201"}})),
            "400 ValidationError 1 validation error detected: Value '43201' at 'durationSeconds' "
            "failed to satisfy constraint: Member must have value less than or equal to 43200");
  response_.authn_attributes = R"(SessionNotOnOrAfter="2026-01-01T00:00:00.900Z")";
  EXPECT_EQ(outcome(assume()), "400 ExpiredTokenException Response has expired");
}

TEST_F(AssumeRoleWithSaml, IsDeniedInTheSameWordsWhateverIsWrong) {
  target().trust = trust_idp(R"("sts:AssumeRole")");
  EXPECT_EQ(outcome(assume()), kDenied);
  target().trust = trust_idp(kAssume, R"({"StringEquals":{"saml:sub":"bob"}})");
  EXPECT_EQ(outcome(assume()), kDenied);
  target().trust = trust(R"({"AWS":"arn:aws:iam::123456789012:root"})");
  EXPECT_EQ(outcome(assume()), kDenied);
  world_.drop_role("target");
  EXPECT_EQ(outcome(assume()), kDenied);
}

/// A role that trusts anybody, asked for by a provider of the first account.
class FederatedRole : public AssumeRoleWithSaml {
 protected:
  std::string outcome_for(const std::string& name, std::string_view account) {
    world_.roles.push_back(
        {.name = name,
         .trust = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",)"
                  R"("Action":"sts:AssumeRoleWithSAML"}]})",
         .account = std::string(account)});
    const std::string arn = "arn:aws:iam::" + std::string(account) + ":role/" + name;
    SamlResponse response(world_.clock.now());
    response.add_aws("Role", {arn + "," + std::string(kProviderArn)});
    response.add_aws("RoleSessionName", {"alice"});
    return outcome(call_with({{"RoleArn", arn},
                              {"PrincipalArn", std::string(kProviderArn)},
                              {"SAMLAssertion", assertion(response)}}));
  }
};

TEST_F(FederatedRole, IsOfTheProvidersAccount) {
  EXPECT_EQ(outcome_for("open", kAccount), "ok");
  EXPECT_EQ(outcome_for("open-too", kOtherAccount), kDenied);
}

TEST_F(FederatedRole, IsNotOfIdentityCenter) {
  EXPECT_EQ(outcome_for("AWSReservedSSO_Admin_0123456789abcdef", kAccount), kDenied);
}

TEST_F(AssumeRoleWithSaml, PassesInAuditModeWhatItWouldDeny) {
  target().trust = trust_idp(R"("sts:AssumeRole")");
  world_.mode = iam::AuthMode::audit;
  const ActionAnswer answer = assume();
  EXPECT_EQ(outcome(answer), "ok");
  EXPECT_TRUE(answer.would_deny);
  // A response that nobody signed is no response in any mode.
  world_.mode = iam::AuthMode::off;
  EXPECT_EQ(outcome(assume()), "ok");
  EXPECT_EQ(outcome(assume({{"SAMLAssertion", base::base64_encode(response_.xml())}})),
            "400 InvalidIdentityToken Response signature invalid: neither the response nor its "
            "assertion is signed");
}

std::string discovery(const std::string& message, const std::string& code) {
  return "400 InvalidIdentityToken " + message +
         " (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: " + code +
         "; Request ID: 6c0a1b2c-0000-4000-8000-000000000001; Proxy: null)";
}

TEST_F(AssumeRoleWithSaml, AnswersAsStsDoesToWhatIsNoGoodResponse) {
  const std::string unreadable = "AuthSamlInvalidSamlResponseException";
  EXPECT_EQ(outcome(assume({{"SAMLAssertion", "?????"}})),
            discovery("Invalid base64 SAMLResponse", unreadable));
  SamlResponse other = response_;
  other.issuer = "https://other.example";
  EXPECT_EQ(outcome(assume(other)),
            discovery("Issuer not present in specified provider", unreadable));
  EXPECT_EQ(outcome(assume({{"PrincipalArn", "arn:aws:iam::123456789012:saml-provider/none"}})),
            discovery("Specified provider doesn't exist", "AuthSamlManifestNotFoundException"));
  SamlResponse rejected = response_;
  rejected.status = "urn:oasis:names:tc:SAML:2.0:status:Requester";
  EXPECT_EQ(outcome(assume(rejected)),
            "403 IDPRejectedClaim The identity provider did not sign the user in: its status is "
            "urn:oasis:names:tc:SAML:2.0:status:Requester");
  const std::string good = assertion(response_);
  world_.clock.advance(minutes(5));
  EXPECT_EQ(outcome(assume({{"SAMLAssertion", good}})),
            "400 ExpiredTokenException Token must be redeemed within 5 minutes of issuance");
}

TEST_F(AssumeRoleWithSaml, NeedsMetadataThatCanBeRead) {
  iam::SamlProvider broken = provider();
  broken.parsed_metadata = nullptr;
  put_provider(broken);
  EXPECT_EQ(outcome(assume()),
            "400 InvalidIdentityToken Response signature invalid: the metadata of the provider "
            "cannot be read; update the provider");
}

TEST_F(AssumeRoleWithSaml, ChecksItsParametersFirst) {
  EXPECT_EQ(outcome(call_with({})),
            "400 ValidationError 3 validation errors detected: Value null at 'roleArn' failed to "
            "satisfy constraint: Member must not be null; Value null at 'principalArn' failed to "
            "satisfy constraint: Member must not be null; Value at 'sAMLAssertion' failed to "
            "satisfy constraint: Member must not be null");
  EXPECT_EQ(outcome(assume({{"SAMLAssertion", "abc"}})),
            "400 ValidationError 1 validation error detected: Value at 'sAMLAssertion' "
            "failed to satisfy constraint: Member must have length greater than or equal to 4");
  EXPECT_EQ(outcome(assume({{"SAMLAssertion", std::string(100'001, 'a')}})).substr(0, 19),
            "400 ValidationError");
  EXPECT_EQ(outcome(assume({{"RoleArn", std::string(kProviderArn)}})),
            "400 ValidationError Request ARN is invalid");
  EXPECT_EQ(outcome(assume({{"PrincipalArn", std::string(kRoleArn)}})),
            "400 ValidationError Request ARN is invalid");
  EXPECT_EQ(outcome(assume({{"PrincipalArn", "not-an-arn-but-long-enough"}})),
            "400 ValidationError Request ARN is invalid");
  EXPECT_EQ(outcome(assume({{"DurationSeconds", "soon"}})), "400 MalformedInput -");
}

}  // namespace
}  // namespace imdsd::sts
