// SPDX-License-Identifier: MIT
#include <string>

#include "tests/unit/gateway/gateway_fixture.h"

namespace imdsd::gateway {
namespace {

using support::StsWorld;

using GatewayRecords = GatewayTest;

TEST_F(GatewayRecords, ASuccessIsRecorded) {
  const auto response = handle(signed_form(kIdentity));
  ASSERT_EQ(audit_.records.size(), 1U);
  EXPECT_EQ(last().time, world_.clock.now());
  EXPECT_EQ(last().request_id, response.headers.get("x-amzn-RequestId"));
  EXPECT_EQ(last().service, "sts");
  EXPECT_EQ(last().action, "GetCallerIdentity");
  EXPECT_EQ(last().caller_arn, "arn:aws:iam::123456789012:user/dev");
  EXPECT_EQ(last().access_key_id, StsWorld::key_of("dev").id);
  EXPECT_EQ(last().source_ip, "10.1.2.3");
  EXPECT_EQ(last().status, 200);
  EXPECT_EQ(last().error_code, "");
  EXPECT_FALSE(last().would_deny);
}

TEST_F(GatewayRecords, ADenialIsRecordedWithItsDecision) {
  world_.roles.push_back(
      {.name = "target", .trust = support::trust(R"({"Service":"lambda.amazonaws.com"})")});
  publish();
  const auto form =
      "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&"
      "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Ftarget";
  EXPECT_EQ(handle(signed_form(form)).status, 403);
  EXPECT_EQ(last().error_code, "AccessDenied");
  EXPECT_EQ(last().status, 403);
  ASSERT_TRUE(last().decision);
  EXPECT_EQ(last().decision->reason, iam::Decision::Reason::implicit_deny);

  world_.mode = iam::AuthMode::audit;
  publish();
  EXPECT_EQ(handle(signed_form(form)).status, 200);
  EXPECT_TRUE(last().would_deny);
  EXPECT_EQ(last().error_code, "");
}

TEST_F(GatewayRecords, AnUnauthenticatedCallIsRecordedWithoutACaller) {
  auto request = StsWorld::post(kIdentity);
  world_.sign(request, StsWorld::key_of("nobody"));
  EXPECT_EQ(handle(request).status, 403);
  EXPECT_EQ(last().caller_arn, "");
  EXPECT_EQ(last().access_key_id, "") << "what a stranger writes there may be anything";
  EXPECT_EQ(last().error_code, "InvalidClientTokenId");
  EXPECT_EQ(last().action, "GetCallerIdentity");
}

TEST_F(GatewayRecords, ALongActionIsCutInTheRecord) {
  EXPECT_EQ(handle(signed_form("Action=" + std::string(5000, 'A'))).status, 400);
  EXPECT_EQ(last().action.size(), 128U);
}

TEST_F(GatewayRecords, ARefusedBrowserIsRecorded) {
  EXPECT_EQ(handle(StsWorld::post(kIdentity, "attacker.example")).status, 403);
  ASSERT_EQ(audit_.records.size(), 1U);
  EXPECT_EQ(last().error_code, "AccessDenied");
}

}  // namespace
}  // namespace imdsd::gateway
