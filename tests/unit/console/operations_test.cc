// SPDX-License-Identifier: MIT
#include "console/operations.h"

#include <chrono>

#include "tests/unit/console/console_fixture.h"

namespace imdsd::console {
namespace {

class OperationsTest : public ConsoleTest {
 protected:
  OperationsTest() { sign_in(); }
  void let_james(const std::string& action) {
    world_.users[0].policies = {support::allow(action, "*")};
    publish();
  }
};

TEST_F(OperationsTest, PermissionsAreThoseOfWhomItIs) {
  EXPECT_TRUE(get("permissions")["policies"].empty());
  post("switch-role", {{"role", "S3-role"}});
  const Json permissions = get("permissions");
  EXPECT_EQ(permissions["policies"][0]["layer"], "identity-based policy");
  EXPECT_EQ(permissions["policies"][0]["name"], "policy-0");
  for (const auto& action : permissions["actions"]) {
    const bool of_s3 = action["action"].get<std::string>().starts_with("s3:");
    EXPECT_EQ(action["decision"], of_s3 ? "allowed" : "implicit deny") << action;
  }
}

TEST_F(OperationsTest, AnybodyAsksAboutItself) {
  Json answer = post("ask", {{"action", "s3:GetObject"}, {"resource", "arn:aws:s3:::b/k"}});
  EXPECT_EQ(answer["decision"], "implicit deny");
  EXPECT_EQ(answer["principal"], kJames);
  let_james("s3:GetObject");
  answer = post("ask", {{"action", "s3:GetObject"}, {"resource", "arn:aws:s3:::b/k"}});
  EXPECT_EQ(answer["decision"], "allowed");
  EXPECT_EQ(answer["layers"][3]["statements"][0]["policy"], "policy-0");
}

TEST_F(OperationsTest, AboutOthersAsksWhoMaySimulateThem) {
  const Json question = {{"principal", kRole}, {"action", "s3:GetObject"}};
  EXPECT_EQ(post("ask", question)["code"], "AccessDenied");
  EXPECT_EQ(post("ask", {{"principal", kRole + "-none"}, {"action", "s3:GetObject"}})["code"],
            "AccessDenied")
      << "nor whether it is there";
  let_james("iam:SimulatePrincipalPolicy");
  EXPECT_EQ(post("ask", question)["decision"], "allowed");
  EXPECT_EQ(post("ask", {{"principal", kRole + "-none"}, {"action", "s3:GetObject"}})["code"],
            "NoSuchEntity");
}

TEST_F(OperationsTest, AskedKeysCountAndMissingOnesAreTold) {
  world_.users[0].policies = {
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",)"
      R"("Condition":{"StringEquals":{"s3:prefix":"home/"}}}]})"};
  publish();
  Json question = {{"action", "s3:ListBucket"}};
  EXPECT_EQ(post("ask", question)["missing_keys"], Json::array({"s3:prefix"}));
  question["keys"] = {"s3:prefix=home/"};
  EXPECT_EQ(post("ask", question)["decision"], "allowed");
}

TEST_F(OperationsTest, AQuestionThatIsNoneIsRefused) {
  for (const Json& question :
       {Json{{"action", "GetObject"}}, Json{{"action", ":x"}}, Json{{"action", "s3:"}},
        Json{{"action", "s3:x"}, {"resource", "bucket"}}, Json::object(),
        Json{{"action", "s3:x"}, {"keys", {"no-value"}}},
        Json{{"action", "s3:x"}, {"more", "x"}}}) {
    EXPECT_EQ(post("ask", question)["code"], "InvalidRequest") << question;
    EXPECT_EQ(status_, 400);
  }
}

TEST_F(OperationsTest, InstancesAreSeenWithDescribeInstances) {
  InstanceRow row;
  row.account = std::string(kAccount);
  row.id = "i-0a1b2c3d4e5f60718";
  row.role = "app-role";
  row.state = "valid";
  row.next_rotation = world_.clock.now() + std::chrono::minutes(5);
  rows_ = {row, row};
  rows_[1].account = "210987654321";
  EXPECT_EQ(get("instances")["code"], "AccessDenied");
  let_james("ec2:DescribeInstances");
  const Json seen = get("instances");
  ASSERT_EQ(seen["instances"].size(), 1U) << "of this account alone";
  EXPECT_EQ(seen["instances"][0]["next_rotation"], "2026-01-01T00:05:00Z");
  EXPECT_EQ(seen["instances"][0]["expiration"], "");
  EXPECT_EQ(seen["now"], "2026-01-01T00:00:00Z");
}

TEST_F(OperationsTest, RequestsAreOnesOwnOrThoseOfTheAccount) {
  gateway::AuditRecord other;
  other.request_id = "r-1";
  other.service = "sts";
  other.action = "AssumeRole";
  other.caller_arn = "arn:aws:iam::123456789012:user/Mary";
  audit_.record(other);
  other.caller_arn = "arn:aws:iam::210987654321:user/Stranger";
  audit_.record(other);
  other.resource = kRole;
  audit_.record(other);
  const auto callers = [this] {
    std::vector<std::string> found;
    const Json answer = get("requests");
    for (const auto& each : answer["requests"]) found.push_back(each["caller"]);
    return found;
  };
  EXPECT_EQ(callers(), (std::vector<std::string>{kJames, kJames})) << "signing in";
  let_james("cloudtrail:LookupEvents");
  EXPECT_EQ(callers(),
            (std::vector<std::string>{"arn:aws:iam::210987654321:user/Stranger",
                                      "arn:aws:iam::123456789012:user/Mary", kJames, kJames}));
  const auto newest = get("requests")["requests"][0]["number"].get<int>();
  EXPECT_TRUE(get("requests?after=" + std::to_string(newest))["requests"].empty());
  EXPECT_EQ(get("requests?after=" + std::to_string(newest - 1))["requests"].size(), 1U);
  get("requests?after=-1");
  EXPECT_EQ(status_, 400);
}

TEST_F(OperationsTest, WhyIsToldOfWhatOneSees) {
  world_.roles[0].trust = support::kTrustEc2;
  publish();
  const Json denied = post("switch-role", {{"role", "S3-role"}});
  EXPECT_EQ(denied["code"], "AccessDenied");
  const std::string id = denied["request_id"];
  const Json why = get("explanation?id=" + id);
  EXPECT_EQ(why["explanation"]["action"], "sts:AssumeRole");
  EXPECT_NE(why["text"].get<std::string>().find("implicit deny"), std::string::npos);
  gateway::AuditRecord other;
  other.request_id = "r-1";
  other.caller_arn = "arn:aws:iam::123456789012:user/Mary";
  other.explanation = audit_.records.back().explanation;
  audit_.record(other);
  EXPECT_EQ(get("explanation?id=r-1")["code"], "NotFound");
  get("explanation");
  EXPECT_EQ(status_, 404);
}

/// Neither what its policies say nor whether it is there.
TEST_F(OperationsTest, OfAnotherAccountsRoleNothingIsTold) {
  let_james("sts:AssumeRole");
  world_.roles.push_back(
      {.name = "theirs", .trust = support::kTrustEc2, .account = "210987654321"});
  publish();
  const auto try_role = [this](const std::string& name) {
    Json denied = post("switch-role", {{"account", "210987654321"}, {"role", name}});
    EXPECT_EQ(status_, 403);
    EXPECT_FALSE(denied.contains("explanation")) << denied;
    const std::string id = denied["request_id"];
    EXPECT_EQ(get("explanation?id=" + id)["code"], "NotFound");
    Json listed = get("requests")["requests"][0];
    EXPECT_EQ(listed["request_id"], id);
    for (const char* own : {"request_id", "number"}) listed.erase(own);
    return listed;
  };
  const Json there = try_role("theirs");
  EXPECT_TRUE(audit_.records.back().explanation) << "who runs the daemon can be told";
  EXPECT_EQ(there["decision"], "");
  EXPECT_EQ(there, try_role("nobodys"));
}

/// A caller of another account is refused on what is the viewer's.
TEST_F(OperationsTest, OfAnotherAccountsCallerTheVerdictIsTold) {
  let_james("cloudtrail:LookupEvents");
  auto theirs = iam::parse_policy(support::allow("s3:ListBucket", "*"), iam::PolicyKind::identity);
  ASSERT_TRUE(theirs);
  iam::Caller caller;
  caller.principal.type = iam::PrincipalType::user;
  caller.principal.account = "210987654321";
  caller.principal.arn = "arn:aws:iam::210987654321:user/Stranger";
  iam::PolicySet policies;
  policies.identity = {std::make_shared<const iam::NamedPolicy>(iam::NamedPolicy{
      "secret-plan", "", std::make_shared<const iam::PolicyDocument>(theirs->document)})};
  const iam::RequestContext request{
      &caller, "s3:GetObject", aws::Arn::parse(kRole).value(), std::string(kAccount), {}};
  gateway::AuditRecord record;
  record.request_id = "r-1";
  record.caller_arn = caller.principal.arn;
  record.resource = kRole;
  record.error_code = "AccessDenied";
  record.explanation = iam::Explanation(policies, request, iam::evaluate(policies, request));
  ASSERT_NE(record.explanation.text().find("secret-plan"), std::string::npos);
  audit_.record(record);
  const Json why = get("explanation?id=r-1");
  EXPECT_EQ(why["explanation"]["layers"][3]["verdict"], "implicit deny") << why;
  EXPECT_EQ(why.dump().find("secret-plan"), std::string::npos);
}

TEST_F(OperationsTest, WithPoliciesNotEnforcedEverybodySeesAll) {
  world_.mode = iam::AuthMode::audit;
  publish();
  EXPECT_TRUE(get("instances").contains("instances"));
  EXPECT_EQ(get("requests")["whole_account"], true);
}

}  // namespace
}  // namespace imdsd::console
