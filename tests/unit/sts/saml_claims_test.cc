// SPDX-License-Identifier: MIT
#include "sts/saml_claims.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/sts/assume_role_with_saml_fixture.h"

namespace imdsd::sts {
namespace {

struct ClaimCase {
  std::string_view name;
  std::function<void(SamlResponse&)> change;
  std::string_view expected;
};

class SamlClaimsCheck : public AssumeRoleWithSaml, public testing::WithParamInterface<ClaimCase> {};

TEST_P(SamlClaimsCheck, Tells) {
  target().trust = trust_idp(kAll);
  SamlResponse response(world_.clock.now());
  GetParam().change(response);
  EXPECT_EQ(outcome(assume(response)), GetParam().expected);
}

constexpr std::string_view kNoRole =
    "400 InvalidIdentityToken SAML Assertion doesn't contain the requested Role and Metadata in "
    "the attributes";
constexpr std::string_view kBadName =
    "400 InvalidIdentityToken RoleSessionName in AuthnResponse must match "
    "[a-zA-Z_0-9+=,.@-]{2,64}";
constexpr std::string_view kBadSource =
    "400 InvalidIdentityToken Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin "
    "with \"aws:\"";
constexpr std::string_view kBadDuration =
    "400 InvalidIdentityToken SessionDuration in AuthnResponse must be a number of seconds from "
    "900 to 43200";

void sign_in(SamlResponse& response) {
  response.add_aws("Role", {kPair});
  response.add_aws("RoleSessionName", {"alice"});
}

/// A response with one more of AWS's attributes.
std::function<void(SamlResponse&)> with(const std::string& name, const Texts& values) {
  return [=](SamlResponse& response) {
    sign_in(response);
    response.add_aws(name, values);
  };
}

std::function<void(SamlResponse&)> with_role(const Texts& roles) {
  return [=](SamlResponse& response) {
    response.add_aws("Role", roles);
    response.add_aws("RoleSessionName", {"alice"});
  };
}

std::function<void(SamlResponse&)> with_session_name(const Texts& names) {
  return [=](SamlResponse& response) {
    response.add_aws("Role", {kPair});
    response.add_aws("RoleSessionName", names);
  };
}

INSTANTIATE_TEST_SUITE_P(
    Table, SamlClaimsCheck,
    testing::Values(
        ClaimCase{"Plain", sign_in, "ok"},
        ClaimCase{"ProviderFirst",
                  with_role({std::string(kProviderArn) + "," + std::string(kRoleArn)}), "ok"},
        ClaimCase{"SpaceBetween",
                  with_role({std::string(kRoleArn) + ", " + std::string(kProviderArn)}), "ok"},
        ClaimCase{
            "AmongOthers",
            with_role({"arn:aws:iam::123456789012:role/other," + std::string(kProviderArn), kPair}),
            "ok"},
        ClaimCase{"NoRole", [](auto& r) { r.add_aws("RoleSessionName", {"alice"}); }, kNoRole},
        ClaimCase{"OtherRole",
                  with_role({"arn:aws:iam::123456789012:role/other," + std::string(kProviderArn)}),
                  kNoRole},
        ClaimCase{
            "OtherProvider",
            with_role({std::string(kRoleArn) + ",arn:aws:iam::123456789012:saml-provider/other"}),
            kNoRole},
        ClaimCase{"RoleAlone", with_role({std::string(kRoleArn)}), kNoRole},
        ClaimCase{"RoleTwice", with_role({std::string(kRoleArn) + "," + std::string(kRoleArn)}),
                  kNoRole},
        ClaimCase{"RoleAndMore", with_role({kPair + ",x"}), kNoRole},
        ClaimCase{"RoleInOtherCase",
                  [](auto& r) {
                    r.attributes.emplace_back("https://aws.amazon.com/SAML/Attributes/role",
                                              Texts{kPair});
                    r.add_aws("RoleSessionName", {"alice"});
                  },
                  kNoRole},
        ClaimCase{"NoSessionName", [](auto& r) { r.add_aws("Role", {kPair}); },
                  "400 InvalidIdentityToken RoleSessionName is required in AuthnResponse"},
        ClaimCase{"EmptySessionName", with_session_name({""}), kBadName},
        ClaimCase{"ShortSessionName", with_session_name({"a"}), kBadName},
        ClaimCase{"LongSessionName", with_session_name({std::string(65, 'a')}), kBadName},
        ClaimCase{"LongestSessionName", with_session_name({std::string(64, 'a')}), "ok"},
        ClaimCase{"SessionNameWithSpace", with_session_name({"Alice L"}), kBadName},
        ClaimCase{"TwoSessionNames", with_session_name({"alice", "admin"}),
                  "400 InvalidIdentityToken RoleSessionName in AuthnResponse must have one value"},
        ClaimCase{"SourceIdentity", with("SourceIdentity", {"alice"}), "ok"},
        ClaimCase{"SourceIdentityOfAws", with("SourceIdentity", {"aws:alice"}), kBadSource},
        ClaimCase{"ShortSourceIdentity", with("SourceIdentity", {"a"}), kBadSource},
        ClaimCase{"TwoSourceIdentities", with("SourceIdentity", {"alice", "admin"}),
                  "400 InvalidIdentityToken SourceIdentity in AuthnResponse must have one value"},
        ClaimCase{"ShortDuration", with("SessionDuration", {"899"}), kBadDuration},
        ClaimCase{"LongDuration", with("SessionDuration", {"43201"}), kBadDuration},
        ClaimCase{"NoDuration", with("SessionDuration", {"an hour"}), kBadDuration},
        ClaimCase{"Tag", with("PrincipalTag:team", {"blue"}), "ok"},
        ClaimCase{"EmptyTag", with("PrincipalTag:team", {""}), "ok"},
        ClaimCase{"TagOfTwoValues", with("PrincipalTag:team", {"blue", "red"}),
                  "400 InvalidIdentityToken PrincipalTag:team in AuthnResponse must have one "
                  "value"},
        ClaimCase{"TagTwice",
                  [](auto& r) {
                    with("PrincipalTag:team", {"blue"})(r);
                    r.add_aws("PrincipalTag:Team", {"red"});
                  },
                  "400 InvalidIdentityToken The session tags in AuthnResponse are not valid: "
                  "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
        ClaimCase{"TagWithoutKey", with("PrincipalTag:", {"blue"}),
                  "400 InvalidIdentityToken The session tags in AuthnResponse are not valid: 1 "
                  "validation error detected: Value '' at 'tags.1.member.key' failed to satisfy "
                  "constraint: Member must have length greater than or equal to 1"},
        ClaimCase{"TransitiveTag",
                  [](auto& r) {
                    with("PrincipalTag:team", {"blue"})(r);
                    r.add_aws("TransitiveTagKeys", {"team"});
                  },
                  "ok"},
        ClaimCase{"TransitiveWithoutTag", with("TransitiveTagKeys", {"team"}),
                  "400 InvalidIdentityToken The session tags in AuthnResponse are not valid: The "
                  "specified transitive tag key must be included in the requested tags."}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(AssumeRoleWithSaml, GivesTheSessionTagsAndASourceIdentity) {
  target().trust = trust_idp(kAll);
  response_.add_aws("PrincipalTag:team", {"blue"});
  response_.add_aws("PrincipalTag:cost-center", {"42"});
  response_.add_aws("TransitiveTagKeys", {"team"});
  response_.add_aws("SourceIdentity", {"alice.l"});
  const ActionAnswer answer = assume();
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(answer.xml.value(), "SourceIdentity"), "alice.l");
  EXPECT_NE(element(answer.xml.value(), "PackedPolicySize"), "");
  const iam::Caller caller = caller_of(answer);
  EXPECT_EQ(caller.session->tags,
            (std::map<std::string, std::string>{{"team", "blue"}, {"cost-center", "42"}}));
  EXPECT_EQ(caller.session->transitive_tag_keys, Texts{"team"});
  EXPECT_EQ(caller.session->source_identity, "alice.l");
}

TEST_F(AssumeRoleWithSaml, NeedsLeaveForTagsAndSourceIdentity) {
  SamlResponse tagged = response_;
  tagged.add_aws("PrincipalTag:team", {"blue"});
  EXPECT_EQ(outcome(assume(tagged)), "403 AccessDenied Not authorized to perform sts:TagSession");
  SamlResponse named = response_;
  named.add_aws("SourceIdentity", {"alice"});
  EXPECT_EQ(outcome(assume(named)),
            "403 AccessDenied Not authorized to perform sts:SetSourceIdentity");
  target().trust =
      trust_idp(kAll, R"({"StringEqualsIfExists":{"aws:RequestTag/team":["blue","green"]}})");
  EXPECT_EQ(outcome(assume(tagged)), "ok");
  SamlResponse red = response_;
  red.add_aws("PrincipalTag:team", {"red"});
  EXPECT_EQ(outcome(assume(red)), kDenied);
}

}  // namespace
}  // namespace imdsd::sts
