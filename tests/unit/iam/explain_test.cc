// SPDX-License-Identifier: MIT
#include "iam/explain.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "iam/authorization_message.h"
#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    caller_.principal = principal(PrincipalType::assumed_role);
    request_.caller = &caller_;
    request_.action = "s3:GetObject";
    request_.resource = aws::Arn{"aws", "s3", "", "", "bucket/key"};
    request_.resource_account = kAccount;
  }
  [[nodiscard]] std::string text() const {
    return explain(policies_, request_, evaluate(policies_, request_));
  }
  [[nodiscard]] std::string needed() const {
    const std::string all = text();
    const std::size_t at = all.find("\nneeded");
    if (at == std::string::npos) return "";
    const std::size_t from = all.find_first_not_of(' ', at + 7);
    return all.substr(from, all.find('\n', from) + 1 - from);
  }

  Caller caller_;
  RequestContext request_;
  PolicySet policies_;
};

TEST_F(ExplainTest, TellsLayersStatementsAndWhatIsNeeded) {
  policies_.identity = {allowing("first"), policy("second",
                                                  "[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\","
                                                  "\"Resource\":\"*\"},\n{\"Effect\":\"Allow\","
                                                  "\"Action\":\"s3:*\",\"Resource\":\"*\"}]",
                                                  PolicyKind::identity)};
  policies_.boundary = other_action("limit");
  EXPECT_EQ(text(),
            "implicit deny by the permissions boundary\n"
            "principal                 arn:aws:sts::123456789012:assumed-role/r/s\n"
            "action                    s3:GetObject\n"
            "resource                  arn:aws:s3:::bucket/key\n"
            "service control policy    not applicable\n"
            "resource control policy   not applicable\n"
            "resource-based policy     not applicable\n"
            "identity-based policy     allow\n"
            "  Allow by Statement[0] \"Yes\" of first, line 1\n"
            "  Allow by Statement[1] of second, line 2\n"
            "permissions boundary      implicit deny\n"
            "session policy            not applicable\n"
            "needed                    a statement of the permissions boundary that allows "
            "s3:GetObject on arn:aws:s3:::bucket/key, besides the policies that allow it "
            "already\n"
            "change                    add to the permissions boundary `limit` this statement:\n"
            "  {\n"
            "    \"Effect\": \"Allow\",\n"
            "    \"Action\": \"s3:GetObject\",\n"
            "    \"Resource\": \"arn:aws:s3:::bucket/key\"\n"
            "  }\n"
            "decided again             allowed with this change\n");
}

TEST_F(ExplainTest, NamesWhatIsNeeded) {
  const std::string what = " that allows s3:GetObject on arn:aws:s3:::bucket/key";
  const std::string who = "arn:aws:sts::123456789012:assumed-role/r/s";
  EXPECT_EQ(needed(), "a statement of an identity-based policy of " + who + what + "\n");
  policies_.resource = resource_policy("account");
  EXPECT_EQ(needed(), "a statement of an identity-based policy of " + who + what +
                          ", or one of the resource-based policy that names " + who + "\n");
  request_.resource_account = kOtherAccount;
  EXPECT_EQ(needed(), "a statement of an identity-based policy of " + who + what + "\n");
  policies_.identity = {allowing("p")};
  EXPECT_EQ(needed(), "");
  policies_.resource = nullptr;
  EXPECT_EQ(needed(), "a statement of the resource-based policy" + what + " to " + who + "\n");
  policies_.identity = {denying("p")};
  EXPECT_EQ(needed(),
            "no statement of any policy that denies it; nothing outweighs one that does\n");
}

TEST_F(ExplainTest, SaysTheSameInJson) {
  auto managed = std::make_shared<NamedPolicy>(*denying("managed"));
  managed->arn = "arn:aws:iam::123456789012:policy/managed";
  policies_.identity = {managed};
  const auto json =
      nlohmann::json::parse(explain_json(policies_, request_, evaluate(policies_, request_)));
  EXPECT_EQ(json["decision"], "explicit deny");
  EXPECT_EQ(json["decidedBy"], "identity-based policy");
  EXPECT_EQ(json["principal"], "arn:aws:sts::123456789012:assumed-role/r/s");
  EXPECT_EQ(json["action"], "s3:GetObject");
  EXPECT_EQ(json["resource"], "arn:aws:s3:::bucket/key");
  EXPECT_EQ(json["message"],
            "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: "
            "s3:GetObject on resource: arn:aws:s3:::bucket/key with an explicit deny in an "
            "identity-based policy");
  ASSERT_EQ(json["layers"].size(), kLayerCount);
  EXPECT_EQ(json["layers"][3], nlohmann::json::parse(R"({"layer": "identity-based policy",
      "verdict": "explicit deny", "statements": [{"policy": "managed",
      "policyArn": "arn:aws:iam::123456789012:policy/managed", "sid": "No", "index": 0,
      "effect": "Deny", "start": {"line": 1, "column": 37}, "end": {"line": 1, "column": 93}}]})"));
  EXPECT_EQ(json["nearMatches"], nlohmann::json::array());
  ASSERT_EQ(json["changes"].size(), 2U) << "without the Deny, nothing allows it";
  EXPECT_EQ(json["changes"][0]["kind"], "remove statement");
  EXPECT_EQ(json["changes"][0]["policyArn"], managed->arn);
  EXPECT_EQ(json["changes"][0]["what"],
            "remove Statement[0] of the identity-based policy `managed` "
            "(arn:aws:iam::123456789012:policy/managed)");
  EXPECT_EQ(json["changes"][1]["statement"]["Action"], "s3:GetObject");
  EXPECT_EQ(json["changesAllow"], true);
  EXPECT_EQ(json["layers"][4]["verdict"], "not applicable");
  EXPECT_EQ(json["account"], "123456789012");
  EXPECT_EQ(json["authorizationMessage"],
            nlohmann::json::parse(authorization_message(request_, evaluate(policies_, request_))));
}

TEST_F(ExplainTest, TellsWhichConditionWasMissing) {
  policies_.identity = {policy("mfa",
                               R"({"Sid":"WithMfa","Effect":"Allow","Action":"s3:*","Resource":"*",
          "Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}})",
                               PolicyKind::identity)};
  EXPECT_NE(text().find("identity-based policy     implicit deny\n"
                        "  nearly by Statement[0] \"WithMfa\" of mfa, line 1\n"
                        "    its Condition does not hold; `Bool` of `aws:MultiFactorAuthPresent` "
                        "with `true`: the request has no such key\n"),
            std::string::npos)
      << text();
  EXPECT_NE(text().find("\nallowed as it is with     aws:MultiFactorAuthPresent = true\n"),
            std::string::npos)
      << text();
}

TEST_F(ExplainTest, TellsWhatMadeADenyMatch) {
  request_.keys.set("aws:UserAgent", "evil\n\x1b[31m\xc2\x9b\u202e\u2028");
  policies_.identity = {allowing("all"),
                        policy("guard", R"({"Effect":"Deny","Action":"*","Resource":"*",
          "Condition":{"StringLike":{"aws:UserAgent":"evil*"}}})",
                               PolicyKind::identity)};
  EXPECT_NE(text().find("  Deny by Statement[0] of guard, line 1\n"
                        "    `StringLike` of `aws:UserAgent` with `evil*`: the request has "
                        "`evil\\u000a\\u001b[31m\\u009b\\u202e\\u2028`\n"),
            std::string::npos)
      << text();
}

TEST_F(ExplainTest, IsKeptWithAllThatItTakes) {
  policies_.identity = {other_action("inline")};
  iam::Explanation kept;
  EXPECT_FALSE(kept);
  kept = iam::Explanation(policies_, request_, evaluate(policies_, request_));
  const std::string now = text();
  caller_.principal.arn = "somebody else";
  request_.action = "s3:PutObject";
  policies_.identity = {};
  EXPECT_EQ(kept.text(), now);
  EXPECT_EQ(nlohmann::json::parse(kept.json())["action"], "s3:GetObject");
}

/// The bucket's account sees why its policy did not let the caller, and nothing of the caller's.
TEST_F(ExplainTest, OfOtherAccountsHasTheVerdictsAlone) {
  request_.resource_account = kOtherAccount;
  policies_.identity = {policy("secret-plan", R"({"Sid":"Hidden","Effect":"Allow","Action":"s3:*",
      "Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}})",
                               PolicyKind::identity)};
  policies_.resource = resource_policy("account");
  const iam::Explanation kept(policies_, request_, evaluate(policies_, request_));
  const std::string theirs = kept.text(kOtherAccount);
  EXPECT_NE(theirs.find("resource-based policy     allow\n  Allow by Statement[0]"),
            std::string::npos)
      << theirs;
  EXPECT_NE(theirs.find("identity-based policy     implicit deny\npermissions"), std::string::npos)
      << theirs;
  EXPECT_NE(theirs.find("\nchange                    in policies of another account, which are "
                        "not told here\n"),
            std::string::npos)
      << theirs;
  for (const std::string hidden : {"secret-plan", "Hidden", "team", "blue"}) {
    EXPECT_EQ(theirs.find(hidden), std::string::npos) << hidden;
    EXPECT_EQ(kept.json(kOtherAccount).find(hidden), std::string::npos) << hidden;
    EXPECT_NE(kept.json(kAccount).find(hidden), std::string::npos) << hidden;
  }
  const auto json = nlohmann::json::parse(kept.json(kOtherAccount));
  EXPECT_EQ(json["layers"][3]["verdict"], "implicit deny");
  EXPECT_EQ(json["layers"][2]["statements"].size(), 1U);
  EXPECT_FALSE(json.contains("authorizationMessage"));
  EXPECT_EQ(json["changes"], nlohmann::json::array());
  EXPECT_EQ(json["changesAllow"], false);

  const std::string own = kept.text(kAccount);
  EXPECT_NE(own.find("nearly by Statement[0] \"Hidden\" of secret-plan"), std::string::npos) << own;
  EXPECT_NE(own.find("resource-based policy     allow\nidentity"), std::string::npos) << own;
  EXPECT_EQ(kept.text(), text()) << "who runs the daemon reads all";
}

TEST_F(ExplainTest, OfAnAllowedRequestHasNoMessage) {
  policies_.identity = {allowing("p")};
  request_.resource.reset();
  const auto json =
      nlohmann::json::parse(explain_json(policies_, request_, evaluate(policies_, request_)));
  EXPECT_EQ(json["decision"], "allowed");
  EXPECT_FALSE(json.contains("message"));
  EXPECT_FALSE(json.contains("needed"));
  EXPECT_FALSE(json.contains("authorizationMessage"));
  EXPECT_FALSE(json.contains("resource"));
  EXPECT_EQ(text().find("needed"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::iam
