// SPDX-License-Identifier: MIT
#include "gateway/own_call.h"

#include "iam/api/service.h"
#include "iam/make_principal.h"
#include "sts/service.h"
#include "tests/unit/gateway/gateway_fixture.h"

namespace imdsd::gateway {
namespace {

class OwnCallTest : public GatewayTest {
 protected:
  iam::Caller dev() {
    const auto user = authority_.load()->directory->find<iam::User>(support::kAccount, "dev");
    return {iam::user_principal(*user, "aws"), "", nullptr};
  }
};

TEST_F(OwnCallTest, SomebodyWhomWeVouchForNeedsNoSignature) {
  const auto request =
      own_call("GetSessionToken", sts::kApiVersion, {{"DurationSeconds", "900"}}, "imdsd console");
  EXPECT_EQ(gateway_.handle(request).status, 403);
  const auto credentials = credentials_of(gateway_.handle_for(dev(), request), "GetSessionToken");
  ASSERT_TRUE(credentials) << credentials.error().code;
  EXPECT_EQ(credentials->expiration, world_.clock.now() + std::chrono::minutes(15));
  EXPECT_EQ(last().caller_arn, "arn:aws:iam::123456789012:user/dev");
  auto as_dev = support::StsWorld::post(kIdentity);
  world_.sign(as_dev, *credentials);
  EXPECT_EQ(gateway_.handle(as_dev).status, 200);
}

TEST_F(OwnCallTest, PoliciesDecideAsEver) {
  const auto request = own_call("ListUsers", iam::api::kApiVersion, {}, "imdsd console");
  const auto response = gateway_.handle_for(dev(), request);
  EXPECT_EQ(response.status, 403);
  const auto error = error_of(response);
  EXPECT_EQ(error.code, "AccessDenied");
  EXPECT_NE(error.message->find("iam:ListUsers"), std::string::npos);
}

TEST_F(OwnCallTest, ParametersAreEncodedAndErrorsRead) {
  const auto request =
      own_call("AssumeRole", sts::kApiVersion,
               {{"RoleArn", "arn:aws:iam::1:role/a&b=c"}, {"RoleSessionName", "x"}}, "test/1");
  EXPECT_EQ(
      request.body,
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%26b%3Dc&"
      "RoleSessionName=x");
  const auto refused = credentials_of(gateway_.handle_for(dev(), request), "AssumeRole");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ValidationError");
  base::HttpResponse odd;
  odd.status = 500;
  odd.body = "no JSON";
  EXPECT_EQ(error_of(odd).code, "InternalFailure");
}

}  // namespace
}  // namespace imdsd::gateway
