// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

constexpr std::string_view kReads =
    R"({"Version":"2012-10-17","Statement":[
  {"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"},
  {"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b/secret"}]})";
constexpr std::string_view kOnlyEc2 =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}})";
constexpr std::string_view kInOffice =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*",)"
    R"("Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}})";

class Simulations : public ::testing::Test {
 protected:
  support::IamWorld iam_{{user_operations(), group_operations(), role_operations(),
                          inline_policy_operations(), attachment_operations(),
                          simulation_operations()}};

  void SetUp() override {
    iam_.call("Action=CreateUser&UserName=dev&Path=/team/");
    put("User", "dev", "reads", kReads);
  }
  void put(const std::string& kind, const std::string& name, const std::string& policy,
           std::string_view document) {
    const auto answer = iam_.call("Action=Put" + kind + "Policy&" + kind + "Name=" + name +
                                  "&PolicyName=" + policy + field("PolicyDocument", document));
    ASSERT_EQ(answer.status, 200) << answer.message;
  }
  /// "user/team/dev", and more parameters.
  support::IamAnswer principal(const std::string& source, const std::string& more) {
    return iam_.call("Action=SimulatePrincipalPolicy&PolicySourceArn=arn:aws:iam::123456789012:" +
                     source + more);
  }
  support::IamAnswer custom(std::string_view policy, const std::string& more) {
    return iam_.call("Action=SimulateCustomPolicy" + field("PolicyInputList.member.1", policy) +
                     more);
  }
};

std::string action(std::string_view name) {
  return "&ActionNames.member.1=" + std::string(name);
}

std::string resource(std::string_view arn) {
  return "&ResourceArns.member.1=" + std::string(arn);
}

std::string from_office(std::string_view address) {
  return "&ContextEntries.member.1.ContextKeyName=aws:SourceIp"
         "&ContextEntries.member.1.ContextKeyType=ip"
         "&ContextEntries.member.1.ContextKeyValues.member.1=" +
         std::string(address);
}

TEST_F(Simulations, GiveOneResultForEachActionOnAllResources) {
  const auto answer =
      principal("user/team/dev",
                "&ActionNames.member.1=s3:GetObject&ActionNames.member.2=s3:PutObject"
                "&ResourceArns.member.1=arn:aws:s3:::b/k"
                "&ResourceArns.member.2=arn:aws:s3:::b/secret");
  const std::string kind = "arn:aws:s3:::${BucketName}/${ObjectName}";
  const std::string key = "arn:aws:s3:::b/k", secret = "arn:aws:s3:::b/secret";
  EXPECT_EQ(answer.texts("EvalActionName"), (Texts{"s3:GetObject", "s3:PutObject"}));
  EXPECT_EQ(answer.texts("EvalResourceName"), (Texts{kind, key, secret, kind, key, secret}));
  EXPECT_EQ(answer.texts("EvalDecision"), (Texts{"explicitDeny", "explicitDeny"}));
  EXPECT_EQ(answer.texts("EvalResourceDecision"),
            (Texts{"allowed", "explicitDeny", "implicitDeny", "explicitDeny"}));
  EXPECT_EQ(answer.texts("Line"), (Texts{"3", "3", "2", "2", "3", "3", "3", "3", "3", "3"}))
      << "of GetObject: what denies; of each resource what decided; of PutObject the same";
  EXPECT_EQ(answer.text("IsTruncated"), "false");
}

TEST_F(Simulations, AreAsStrictAsTheStrictestResource) {
  const auto decided = [&](const std::string& resources) {
    return principal("user/team/dev", action("s3:GetObject") + resources).text("EvalDecision");
  };
  EXPECT_EQ(decided(resource("arn:aws:s3:::b/k") + "&ResourceArns.member.2=arn:aws:s3:::b/l"),
            "allowed");
  EXPECT_EQ(decided(resource("arn:aws:s3:::b/k") + "&ResourceArns.member.2=arn:aws:s3:::c/l"),
            "implicitDeny");
  EXPECT_EQ(decided(resource("arn:aws:s3:::c/k") + "&ResourceArns.member.2=arn:aws:s3:::b/secret"),
            "explicitDeny");
}

TEST_F(Simulations, TellOfAllResourcesAsOne) {
  for (const std::string& all : {std::string(), resource("*")}) {
    const auto answer = principal("user/team/dev", action("s3:GetObject") + all);
    EXPECT_EQ(answer.text("EvalResourceName"), "*");
    EXPECT_FALSE(answer.has("ResourceSpecificResults"));
    EXPECT_FALSE(answer.has("EvalDecisionDetails"));
  }
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html, examples 2
// and 3.
TEST_F(Simulations, TellWhatEachKindOfPolicySaysOfAnotherAccountsResource) {
  const std::string put = action("s3:PutObject") + resource("arn:aws:s3:::b/k") +
                          field("PermissionsBoundaryPolicyInputList.member.1", kOnlyEc2);
  const std::string bucket =
      field("ResourcePolicy",
            R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":)"
            R"("arn:aws:iam::123456789012:user/team/dev"},"Action":"s3:*","Resource":"*"}})");
  const auto own = principal("user/team/dev", put);
  EXPECT_TRUE(own.has("EvalDecisionDetails"));
  EXPECT_FALSE(own.has("entry"));
  const auto answer = principal("user/team/dev", put + bucket + "&ResourceOwner=210987654321");
  EXPECT_EQ(answer.text("EvalDecision"), "implicitDeny");
  EXPECT_EQ(answer.texts("key"),
            (Texts{"IAM Policy", "Resource Policy", "Permissions Boundary Policy", "IAM Policy",
                   "Resource Policy", "Permissions Boundary Policy"}));
  EXPECT_EQ(answer.texts("value"), (Texts{"implicitDeny", "allowed", "implicitDeny", "implicitDeny",
                                          "allowed", "implicitDeny"}));
  EXPECT_EQ(answer.texts("AllowedByPermissionsBoundary"), (Texts{"false", "false"}));
  EXPECT_EQ(answer.texts("SourcePolicyId"), Texts{"ResourcePolicy"})
      << "no statement made the denial; of the resource it shows what allowed";
}

TEST_F(Simulations, NameTheStatementThatDecidedAndWhereItStands) {
  const auto allowed =
      principal("user/team/dev", action("s3:GetObject") + resource("arn:aws:s3:::b/k"));
  EXPECT_EQ(allowed.texts("SourcePolicyId"), (Texts{"reads", "reads"}));
  EXPECT_EQ(allowed.texts("SourcePolicyType"), (Texts{"IAM Policy", "IAM Policy"}));
  EXPECT_EQ(allowed.texts("Line"), (Texts{"2", "2", "2", "2"}));
  EXPECT_EQ(allowed.texts("Column"), (Texts{"3", "70", "3", "70"}));
  const auto denied =
      principal("user/team/dev", action("s3:GetObject") + resource("arn:aws:s3:::b/secret"));
  EXPECT_EQ(denied.texts("Line"), (Texts{"3", "3", "3", "3"}))
      << "what allows does not show in a denial";
  EXPECT_TRUE(principal("user/team/dev", action("sqs:SendMessage")).texts("Line").empty());
}

// As recorded from AWS.
TEST_F(Simulations, CountAStatementInNoListFromBehindItsBrace) {
  const auto columns = [&](const std::string& document) {
    return custom(document, action("s3:PutObject")).texts("Column");
  };
  const std::string statement = R"({"Effect":"Allow","Action":"s3:PutObject","Resource":"*"})";
  EXPECT_EQ(columns(R"({"Version": "2012-10-17", "Statement": )" + statement + "}").at(0), "41");
  EXPECT_EQ(columns(R"({"Version": "2012-10-17", "Statement": [)" + statement + "]}").at(0), "41");
  EXPECT_EQ(columns("{\"Version\": \"2012-10-17\",\n\"Statement\":\n" + statement + "}").at(0),
            "2");
}

TEST_F(Simulations, NameKeysThatArePresentInNoRequest) {
  const std::string get = action("s3:GetObject");
  EXPECT_EQ(custom(kInOffice, get).texts("member").back(), "aws:SourceIp");
  EXPECT_EQ(custom(kInOffice, get).text("EvalDecision"), "implicitDeny");
  const auto inside = custom(kInOffice, get + from_office("10.0.0.1"));
  EXPECT_EQ(inside.text("EvalDecision"), "allowed");
  EXPECT_EQ(inside.xml.find("<member>aws:SourceIp"), std::string::npos);
  EXPECT_EQ(custom(kInOffice, get + from_office("192.0.2.1")).text("EvalDecision"), "implicitDeny");
}

TEST_F(Simulations, ShowABoundaryWhereThereIsOne) {
  const std::string get = action("s3:GetObject") + resource("arn:aws:s3:::b/k");
  EXPECT_FALSE(principal("user/team/dev", get).has("PermissionsBoundaryDecisionDetail"));
  const auto bounded = principal(
      "user/team/dev", get + field("PermissionsBoundaryPolicyInputList.member.1", kOnlyEc2));
  EXPECT_EQ(bounded.text("EvalDecision"), "implicitDeny");
  EXPECT_EQ(bounded.text("AllowedByPermissionsBoundary"), "false");
  EXPECT_EQ(principal("user/team/dev",
                      get + field("PermissionsBoundaryPolicyInputList.member.1", kOnlyEc2) +
                          field("PermissionsBoundaryPolicyInputList.member.2", kOnlyEc2))
                .code,
            "InvalidInput");
}

TEST_F(Simulations, ShowWhatTheOrganizationAllows) {
  const std::string get = action("s3:GetObject") + resource("arn:aws:s3:::b/k");
  EXPECT_FALSE(principal("user/team/dev", get).has("OrganizationsDecisionDetail"));
  // The administrator who asks is bound by it, too.
  auto parsed = parse_policy(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}})",
      PolicyKind::identity);
  ASSERT_TRUE(parsed);
  const NamedPolicy limit{"limit", "",
                          std::make_shared<const PolicyDocument>(std::move(parsed->document))};
  iam_.control_policies = std::make_shared<const ControlPolicies>(
      ControlPolicies{{std::string(support::kIamAccount), {{limit}, {}}}});
  const auto limited = principal("user/team/dev", get);
  EXPECT_EQ(limited.text("EvalDecision"), "implicitDeny");
  EXPECT_EQ(limited.text("AllowedByOrganizations"), "false");
  EXPECT_FALSE(limited.has("EvalDecisionDetails")) << "there the simulation ends";
  EXPECT_FALSE(limited.has("ResourceSpecificResults"));
}

TEST_F(Simulations, DoNotApplyResourceControlPolicies) {
  auto parsed = parse_policy(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*",)"
      R"("Resource":"*"}})",
      PolicyKind::resource);
  ASSERT_TRUE(parsed);
  const NamedPolicy limit{"limit", "",
                          std::make_shared<const PolicyDocument>(std::move(parsed->document))};
  iam_.control_policies = std::make_shared<const ControlPolicies>(
      ControlPolicies{{std::string(support::kIamAccount), {{}, {limit}}}});
  const std::string get = action("s3:GetObject") + resource("arn:aws:s3:::b/k");
  EXPECT_NE(principal("user/team/dev", get).text("EvalDecision"), "explicitDeny");
}

TEST_F(Simulations, TakeAResourcePolicy) {
  const std::string get = action("s3:PutObject") + resource("arn:aws:s3:::b/k");
  const auto granted = principal(
      "user/team/dev",
      get +
          field("ResourcePolicy",
                R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":)"
                R"("arn:aws:iam::123456789012:user/team/dev"},"Action":"s3:*","Resource":"*"}})"));
  EXPECT_EQ(granted.text("EvalDecision"), "allowed");
  EXPECT_EQ(granted.texts("SourcePolicyId"), (Texts{"ResourcePolicy", "ResourcePolicy"}));
  EXPECT_EQ(granted.texts("SourcePolicyType"), (Texts{"Resource Policy", "Resource Policy"}));
}

TEST_F(Simulations, AskForAnotherAccountsResource) {
  const std::string get = action("s3:GetObject") + resource("arn:aws:s3:::b/k");
  for (const char* owner : {"210987654321", "arn:aws:iam::210987654321:root"}) {
    EXPECT_EQ(principal("user/team/dev", get + field("ResourceOwner", owner)).text("EvalDecision"),
              "implicitDeny")
        << "no resource policy of " << owner << " allows it";
  }
}

TEST_F(Simulations, FillInWhatTheCallerBringsWithIt) {
  constexpr std::string_view kOwn =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",)"
      R"("Resource":"arn:aws:s3:::b/${aws:username}/*"}})";
  put("User", "dev", "own", kOwn);
  EXPECT_EQ(principal("user/team/dev", action("s3:PutObject") + resource("arn:aws:s3:::b/dev/k"))
                .text("EvalDecision"),
            "allowed");
  // A group has no name of a user; a caller that is named has.
  iam_.call("Action=CreateGroup&GroupName=team");
  put("Group", "team", "own", kOwn);
  const std::string asked = action("s3:PutObject") + resource("arn:aws:s3:::b/dev/k");
  const auto of_group = principal("group/team", asked);
  EXPECT_EQ(of_group.text("EvalDecision"), "implicitDeny");
  EXPECT_NE(of_group.xml.find("<member>aws:username</member>"), std::string::npos);
  EXPECT_EQ(principal("group/team", asked + "&CallerArn=arn:aws:iam::123456789012:user/team/dev")
                .text("EvalDecision"),
            "allowed");
}

TEST_F(Simulations, ComeInPages) {
  std::string actions;
  for (int i = 1; i <= 5; ++i) {
    actions += "&ActionNames.member." + std::to_string(i) + "=s3:A" + std::to_string(i);
  }
  const auto first = custom(kOnlyEc2, actions + "&MaxItems=3");
  EXPECT_EQ(first.texts("EvalActionName"), (Texts{"s3:A1", "s3:A2", "s3:A3"}));
  EXPECT_EQ(first.text("IsTruncated"), "true");
  const auto rest = custom(kOnlyEc2, actions + field("Marker", first.text("Marker")));
  EXPECT_EQ(rest.texts("EvalActionName"), (Texts{"s3:A4", "s3:A5"}));
  EXPECT_EQ(rest.text("IsTruncated"), "false");
}

TEST_F(Simulations, RefuseWhatIsNoPolicyNoActionAndNobody) {
  const std::string get = action("s3:GetObject");
  EXPECT_EQ(custom("{", get).code, "InvalidInput");
  EXPECT_EQ(custom(kOnlyEc2, get + field("ResourcePolicy", kOnlyEc2)).code, "InvalidInput");
  EXPECT_EQ(custom(kOnlyEc2, action("GetObject")).message, "The action GetObject is not valid.");
  const auto nobody = principal("user/nobody", get);
  EXPECT_EQ(nobody.status, 404);
  EXPECT_EQ(nobody.code, "NoSuchEntity");
  EXPECT_EQ(principal("user/dev", get).code, "NoSuchEntity") << "the path is another";
  EXPECT_EQ(principal("group/none", get).code, "NoSuchEntity");
  EXPECT_EQ(principal("policy/some", get).code, "InvalidInput");
  EXPECT_EQ(custom(kOnlyEc2, get + "&CallerArn=arn:aws:iam::123456789012:role/none").code,
            "NoSuchEntity");
}

TEST_F(Simulations, RefuseWhatTheyWouldLeaveOut) {
  const std::string get = action("s3:GetObject");
  const auto excluding = principal("user/team/dev", get + "&PolicyExclusionList.member.1=x");
  EXPECT_EQ(excluding.code, "InvalidInput");
  EXPECT_NE(excluding.message.find("PolicyExclusionList"), std::string::npos);
  EXPECT_EQ(custom(kOnlyEc2, get + "&OrderedOrganizationPolicyInputList.member.1."
                                   "ServiceControlPolicyInputList.member.1=x")
                .code,
            "InvalidInput");
}

TEST_F(Simulations, NeedPermissionOnTheirSource) {
  const auto dev = iam_.user("dev");
  const auto refused = iam_.call(
      "Action=SimulatePrincipalPolicy&PolicySourceArn=arn:aws:iam::123456789012:user/team/dev" +
          action("s3:GetObject"),
      dev);
  EXPECT_EQ(refused.code, "AccessDenied");
  EXPECT_EQ(refused.resource, "arn:aws:iam::123456789012:user/team/dev");
}

TEST_F(Simulations, ListTheKeysOfPolicies) {
  put("User", "dev", "office", kInOffice);
  const auto of_user = iam_.call(
      "Action=GetContextKeysForPrincipalPolicy"
      "&PolicySourceArn=arn:aws:iam::123456789012:user/team/dev" +
      field("PolicyInputList.member.1",
            R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",)"
            R"("Resource":"arn:aws:s3:::${aws:username}",)"
            R"("Condition":{"IpAddress":{"AWS:SourceIP":"10.0.0.0/8"}}}})"));
  EXPECT_EQ(of_user.texts("member"), (Texts{"aws:SourceIp", "aws:username"}));
  const auto of_policy = iam_.call("Action=GetContextKeysForCustomPolicy" +
                                   field("PolicyInputList.member.1", kInOffice) +
                                   field("PolicyInputList.member.2", kInOffice));
  EXPECT_EQ(of_policy.texts("member"), Texts{"aws:SourceIp"});
  EXPECT_EQ(iam_.call("Action=GetContextKeysForCustomPolicy&PolicyInputList.member.1=x").code,
            "InvalidInput");
}

}  // namespace
}  // namespace imdsd::iam::api
