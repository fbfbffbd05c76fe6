// SPDX-License-Identifier: MIT
#include "sts/get_federation_token.h"

#include "sts/session_limits.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

class GetFederationToken : public StsTest {
 protected:
  GetFederationToken() {
    world_.users.push_back(
        {.name = "dev", .policies = {allow("s3:*", "*"), allow("sts:*", "*")}, .path = "/team/"});
  }

  ActionAnswer get(Parameters more = {}, const std::string& name = "bob") {
    more.emplace_back("Name", name);
    return call("GetFederationToken", user(), more);
  }
};

const std::string kBobArn = "arn:aws:sts::123456789012:federated-user/bob";

TEST_F(GetFederationToken, AnswersInStsShape) {
  const auto answer = get();
  ASSERT_EQ(outcome(answer), "ok");
  const std::string& xml = *answer.xml;
  EXPECT_EQ(element(xml, "Expiration"), "2026-01-01T12:00:00Z");
  EXPECT_NE(xml.find("    <FederatedUser>\n"
                     "      <FederatedUserId>123456789012:bob</FederatedUserId>\n"
                     "      <Arn>arn:aws:sts::123456789012:federated-user/bob</Arn>\n"
                     "    </FederatedUser>\n"
                     "    <PackedPolicySize>0</PackedPolicySize>\n"),
            std::string::npos)
      << xml;
}

TEST_F(GetFederationToken, TheSessionIsTheFederatedUser) {
  const auto session = caller_of(get());
  EXPECT_EQ(session.principal.arn, kBobArn);
  EXPECT_EQ(session.principal.entity_arn, kBobArn);
  EXPECT_EQ(session.principal.user_id, "123456789012:bob");
  EXPECT_EQ(session.principal.account, kAccount);
  EXPECT_EQ(outcome(call("GetCallerIdentity", session)), "ok");
  iam::ConditionKeys keys;
  iam::add_caller_keys(session, world_.clock.now(), keys);
  EXPECT_EQ(keys.find("aws:PrincipalType")->front(), "FederatedUser");
  EXPECT_EQ(keys.find("aws:userid")->front(), "123456789012:bob");
  EXPECT_EQ(keys.find("aws:username"), nullptr);
}

TEST_F(GetFederationToken, MayDoWhatUserAndSessionPoliciesBothAllow) {
  const auto session = caller_of(get({{"Policy", allow("s3:Get*", "*")}}));
  EXPECT_TRUE(may(session, "s3:GetObject"));
  EXPECT_FALSE(may(session, "s3:PutObject")) << "not in the session policy";
  const auto wider = caller_of(get({{"Policy", allow("*", "*")}}));
  EXPECT_TRUE(may(wider, "s3:PutObject"));
  EXPECT_FALSE(may(wider, "sqs:SendMessage")) << "the user does not have it";
  world_.users[0].policies = {allow("sqs:*", "*")};
  EXPECT_FALSE(may(wider, "s3:PutObject"));
  EXPECT_TRUE(may(wider, "sqs:SendMessage"));
}

TEST_F(GetFederationToken, WithoutSessionPolicyMayDoNothing) {
  EXPECT_FALSE(may(caller_of(get()), "s3:GetObject"));
}

TEST_F(GetFederationToken, ResourcePoliciesThatNameItAreEnough) {
  const auto directory = world_.authority().directory;
  const auto session = caller_of(get());
  const auto decide = [&](const std::string& principal) {
    auto parsed = iam::parse_policy(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":")" +
            principal + R"("},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}})",
        iam::PolicyKind::resource);
    iam::PolicySet policies = iam::policies_of(session, *directory);
    policies.resource = std::make_shared<const iam::NamedPolicy>(iam::NamedPolicy{
        "bucket", "", std::make_shared<const iam::PolicyDocument>(parsed.value().document)});
    iam::RequestContext context{&session,
                                "s3:GetObject",
                                aws::Arn::parse("arn:aws:s3:::b/k").value(),
                                std::string(kAccount),
                                {}};
    return iam::evaluate(policies, context).allowed();
  };
  EXPECT_TRUE(decide(kBobArn));
  EXPECT_FALSE(decide("arn:aws:sts::123456789012:federated-user/alice"));
  EXPECT_FALSE(decide("arn:aws:iam::123456789012:root"));
}

TEST_F(GetFederationToken, NeedsPermission) {
  world_.users[0].policies = {};
  EXPECT_EQ(outcome(get()),
            "403 AccessDenied User: arn:aws:iam::123456789012:user/team/dev is not authorized to "
            "perform: sts:GetFederationToken on resource: " +
                kBobArn +
                " because no identity-based policy allows the sts:GetFederationToken action");
  world_.users[0].policies = {allow("sts:GetFederationToken", kBobArn)};
  EXPECT_EQ(outcome(get()), "ok");
  EXPECT_NE(outcome(get({}, "alice")), "ok");
}

TEST_F(GetFederationToken, IsOfTheCallersAccount) {
  const auto of_account = [](std::string_view account) {
    return R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*",)"
           R"("Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":")" +
           std::string(account) + R"("}}}})";
  };
  world_.users[0].policies = {of_account(kAccount)};
  EXPECT_EQ(outcome(get()), "ok");
  world_.users[0].policies = {of_account(kOtherAccount)};
  EXPECT_NE(outcome(get()), "ok");
}

TEST_F(GetFederationToken, TagsNeedTagSessionAndDescribeTheSession) {
  const Parameters tags{{"Tags.member.1.Key", "Team"}, {"Tags.member.1.Value", "red"}};
  world_.users[0].policies = {allow("sts:GetFederationToken", "*")};
  EXPECT_EQ(outcome(get(tags)).substr(0, 119),
            "403 AccessDenied User: arn:aws:iam::123456789012:user/team/dev is not authorized to "
            "perform: sts:TagSession on resource");
  world_.users[0].policies = {allow("sts:*", "*")};
  world_.users[0].tags = {{"team", "green"}, {"Stage", "test"}};
  const auto answer = get(tags);
  EXPECT_NE(element(*answer.xml, "PackedPolicySize"), "0");
  const auto session = caller_of(answer);
  iam::ConditionKeys keys;
  iam::add_caller_keys(session, world_.clock.now(), keys);
  iam::add_entity_tags(session, *world_.authority().directory, keys);
  EXPECT_EQ(keys.find("aws:PrincipalTag/Team")->front(), "red");
  EXPECT_EQ(keys.find("aws:PrincipalTag/Stage")->front(), "test");
}

TEST_F(GetFederationToken, Parameters) {
  const std::string error = "400 ValidationError 1 validation error detected: Value ";
  const std::string must = " failed to satisfy constraint: Member must ";
  EXPECT_EQ(outcome(call("GetFederationToken", user())),
            error + "null at 'name'" + must + "not be null");
  EXPECT_EQ(outcome(get({}, "b")),
            error + "'b' at 'name'" + must + "have length greater than or equal to 2");
  const std::string longest(33, 'b');
  EXPECT_EQ(outcome(get({}, longest)),
            error + "'" + longest + "' at 'name'" + must + "have length less than or equal to 32");
  EXPECT_EQ(outcome(get({}, "b/c")), error + "'b/c' at 'name'" + must +
                                         R"(satisfy regular expression pattern: [\w+=,.@-]*)");
  EXPECT_EQ(outcome(get({{"DurationSeconds", "129600"}})), "ok");
  EXPECT_EQ(
      outcome(get({{"DurationSeconds", "129601"}})),
      error + "'129601' at 'durationSeconds'" + must + "have value less than or equal to 129600");
  EXPECT_EQ(outcome(get({{"Policy", "{"}})),
            "400 MalformedPolicyDocument Syntax errors in policy.");
  EXPECT_EQ(outcome(get({{"PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/NoSuchPolicy"}})),
            "400 ValidationError Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is "
            "not attachable.");
}

TEST_F(GetFederationToken, ItsSessionsOnlyAskWhoTheyAre) {
  const auto session = caller_of(get({{"Policy", allow("*", "*")}}));
  for (const std::string action : {"GetSessionToken", "GetFederationToken", "AssumeRole"}) {
    EXPECT_EQ(outcome(call(action, session)),
              "403 AccessDenied Cannot call " + action + " with session credentials");
  }
  const auto refused = refuse_iam_call(session);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, "InvalidClientTokenId");
}

TEST_F(GetFederationToken, DeletingTheUserEndsIt) {
  const auto credentials = credentials_of(get());
  world_.users.clear();
  EXPECT_EQ(authenticated(credentials).error().code, "InvalidClientTokenId");
}

TEST_F(GetFederationToken, OfRootLastsAnHourWhereThereIsRoot) {
  world_.mode = iam::AuthMode::off;
  const auto answer = call("GetFederationToken", root(), {{"Name", "bob"}});
  EXPECT_EQ(element(*answer.xml, "Expiration"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(caller_of(answer).principal.arn, kBobArn);
}

}  // namespace
}  // namespace imdsd::sts
