// SPDX-License-Identifier: MIT
#include "iam/explain.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "iam/authorization_message.h"
#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;

class Explanation : public testing::Test {
 protected:
  Explanation() {
    caller_.principal = principal(PrincipalType::assumed_role);
    request_.caller = &caller_;
    request_.action = "s3:GetObject";
    request_.resource = aws::Arn{"aws", "s3", "", "", "bucket/key"};
    request_.resource_account = kAccount;
  }
  [[nodiscard]] std::string text() const {
    return explain(request_, evaluate(policies_, request_));
  }
  [[nodiscard]] std::string needed() const {
    const std::string all = text();
    const std::size_t at = all.find("\nneeded");
    return at == std::string::npos ? "" : all.substr(all.find_first_not_of(' ', at + 7));
  }

  Caller caller_;
  RequestContext request_;
  PolicySet policies_;
};

TEST_F(Explanation, TellsLayersStatementsAndWhatIsNeeded) {
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
            "already\n");
}

TEST_F(Explanation, NamesWhatIsNeeded) {
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

TEST_F(Explanation, SaysTheSameInJson) {
  auto managed = std::make_shared<NamedPolicy>(*denying("managed"));
  managed->arn = "arn:aws:iam::123456789012:policy/managed";
  policies_.identity = {managed};
  const auto json = nlohmann::json::parse(explain_json(request_, evaluate(policies_, request_)));
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
  EXPECT_EQ(json["layers"][4]["verdict"], "not applicable");
  EXPECT_EQ(json["account"], "123456789012");
  EXPECT_EQ(json["authorizationMessage"],
            nlohmann::json::parse(authorization_message(request_, evaluate(policies_, request_))));
}

TEST_F(Explanation, OfAnAllowedRequestHasNoMessage) {
  policies_.identity = {allowing("p")};
  request_.resource.reset();
  const auto json = nlohmann::json::parse(explain_json(request_, evaluate(policies_, request_)));
  EXPECT_EQ(json["decision"], "allowed");
  EXPECT_FALSE(json.contains("message"));
  EXPECT_FALSE(json.contains("needed"));
  EXPECT_FALSE(json.contains("authorizationMessage"));
  EXPECT_FALSE(json.contains("resource"));
  EXPECT_EQ(text().find("needed"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::iam
