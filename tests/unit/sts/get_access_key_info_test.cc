// SPDX-License-Identifier: MIT
#include "sts/get_access_key_info.h"

#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

class GetAccessKeyInfo : public StsTest {
 protected:
  GetAccessKeyInfo() {
    world_.users.push_back({.name = "dev", .policies = {allow("sts:GetAccessKeyInfo", "*")}});
  }

  ActionAnswer get(const std::string& id) {
    return call("GetAccessKeyInfo", user(), {{"AccessKeyId", id}});
  }
};

TEST_F(GetAccessKeyInfo, ReadsTheAccountOutOfTheKey) {
  const auto answer = get("ASIAY34FZKBOKMUTVV7A");
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "Account"), "609629065308");
}

TEST_F(GetAccessKeyInfo, KnowsTheKeysOfTheDirectory) {
  world_.users.push_back({.name = "guest", .account = std::string(kOtherAccount), .active = false});
  EXPECT_EQ(element(*get(StsWorld::key_of("guest").id).xml, "Account"), kOtherAccount);
}

TEST_F(GetAccessKeyInfo, OfOtherIdsNoAccountIsKnown) {
  for (const std::string id :
       {"AKIAIOSFODNN7EXAMPLE", "AROAY34FZKBOKMUTVV7A", "0123456789012345"}) {
    EXPECT_EQ(outcome(get(id)),
              "400 ValidationError No account is known for the access key id " + id);
  }
}

TEST_F(GetAccessKeyInfo, Parameters) {
  const std::string error = "400 ValidationError 1 validation error detected: Value ";
  const std::string must = " failed to satisfy constraint: Member must ";
  EXPECT_EQ(outcome(call("GetAccessKeyInfo", user())),
            error + "null at 'accessKeyId'" + must + "not be null");
  EXPECT_EQ(outcome(get("AKIA")),
            error + "'AKIA' at 'accessKeyId'" + must + "have length greater than or equal to 16");
  EXPECT_EQ(outcome(get("AKIA-AAAAAAAAAAAAAAA")),
            error + "'AKIA-AAAAAAAAAAAAAAA' at 'accessKeyId'" + must +
                R"(satisfy regular expression pattern: [\w]*)");
}

TEST_F(GetAccessKeyInfo, NeedsPermission) {
  world_.users[0].policies = {};
  EXPECT_EQ(outcome(get("ASIAY34FZKBOKMUTVV7A")),
            "403 AccessDenied User: arn:aws:iam::123456789012:user/dev is not authorized to "
            "perform: sts:GetAccessKeyInfo because no identity-based policy allows the "
            "sts:GetAccessKeyInfo action");
}

// GetDelegatedAccessToken: what is documented of it are its refusals.

class GetDelegatedAccessToken : public GetAccessKeyInfo {};

TEST_F(GetDelegatedAccessToken, RefusesAsDocumented) {
  EXPECT_EQ(outcome(call("GetDelegatedAccessToken", user())),
            "400 ValidationError 1 validation error detected: Value at 'tradeInToken' failed "
            "to satisfy constraint: Member must not be null");
  const Parameters token{{"TradeInToken", "token-of-an-approval"}};
  EXPECT_EQ(outcome(call("GetDelegatedAccessToken", user(), token)),
            "403 AccessDenied User: arn:aws:iam::123456789012:user/dev is not authorized to "
            "perform: sts:GetDelegatedAccessToken because no identity-based policy allows the "
            "sts:GetDelegatedAccessToken action");
  world_.users[0].policies = {allow("sts:*", "*")};
  EXPECT_EQ(outcome(call("GetDelegatedAccessToken", user(), token)),
            "400 ExpiredTradeInTokenException The trade-in token has expired, or this service did "
            "not issue it, and cannot be exchanged.");
}

}  // namespace
}  // namespace imdsd::sts
