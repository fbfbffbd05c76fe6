// SPDX-License-Identifier: MIT
#include "sts/get_caller_identity.h"

#include <string>

#include <gtest/gtest.h>

#include "iam/make_principal.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {
namespace {

class GetCallerIdentity : public testing::Test {
 protected:
  std::string call(const iam::Caller& caller) {
    const auto parameters = aws::QueryParameters();
    const auto authority = world_.authority();
    const auto http = support::StsWorld::post("");
    const auto answer = sts::call("GetCallerIdentity", {.parameters = parameters,
                                                        .caller = caller,
                                                        .authority = authority,
                                                        .directory = world_.directory_service,
                                                        .mfa_throttle = world_.mfa_throttle,
                                                        .http = http,
                                                        .now = world_.clock.now(),
                                                        .random = world_.random,
                                                        .request_id = "request-1",
                                                        .region = "us-east-1"});
    EXPECT_FALSE(answer.decision);
    return answer.xml.value();
  }

  support::StsWorld world_;
};

TEST_F(GetCallerIdentity, AnswersInStsShape) {
  EXPECT_EQ(call({iam::root_principal("123456789012", "aws"), "AKIA", nullptr}),
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
            "  <GetCallerIdentityResult>\n"
            "    <Arn>arn:aws:iam::123456789012:root</Arn>\n"
            "    <UserId>123456789012</UserId>\n"
            "    <Account>123456789012</Account>\n"
            "  </GetCallerIdentityResult>\n"
            "  <ResponseMetadata>\n"
            "    <RequestId>request-1</RequestId>\n"
            "  </ResponseMetadata>\n"
            "</GetCallerIdentityResponse>\n");
}

TEST_F(GetCallerIdentity, NeedsNoPermissionAndCannotBeDenied) {
  world_.users.push_back({.name = "dev", .policies = {support::deny("*", "*")}});
  const auto user = world_.authority().directory->find<iam::User>(support::kAccount, "dev");
  const auto xml = call({iam::user_principal(*user, "aws"), "AKIA", nullptr});
  EXPECT_NE(xml.find("<Arn>arn:aws:iam::123456789012:user/dev</Arn>"), std::string::npos);
  EXPECT_NE(xml.find("<UserId>" + user->unique_id + "</UserId>"), std::string::npos);
}

TEST(StsService, KnowsItsActions) {
  EXPECT_TRUE(has_action("AssumeRole"));
  EXPECT_TRUE(has_action("GetCallerIdentity"));
  EXPECT_FALSE(has_action("getcalleridentity"));
  EXPECT_FALSE(has_action(""));
  EXPECT_FALSE(is_unsigned_action("AssumeRole"));
  EXPECT_FALSE(is_unsigned_action("NoSuchAction"));
}

}  // namespace
}  // namespace imdsd::sts
