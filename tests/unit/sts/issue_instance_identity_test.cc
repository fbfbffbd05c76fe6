// SPDX-License-Identifier: MIT
#include "sts/issue_instance_identity.h"

#include "iam/instance_identity.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

class IssueInstanceIdentity : public StsTest {
 protected:
  aws::Credentials issue() {
    return issue_instance_identity(
               {.account = std::string(kAccount),
                .instance_id = "i-1",
                .instance_arn = "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
                .lifetime = hours(6),
                .delivery = iam::RoleDelivery::imdsv1},
               *world_.authority().key_ring, world_.clock.now(), world_.random)
        .value();
  }

  aws::Outcome<iam::Caller> authenticate(const aws::Credentials& credentials) {
    auto request = StsWorld::post("Action=GetCallerIdentity&Version=2011-06-15");
    world_.sign(request, credentials);
    return sts::authenticate(request, "sts", aws::PathRule::normalize_and_encode_twice,
                             world_.authority(), world_.clock.now());
  }

  iam::Caller instance() { return authenticate(issue()).value(); }

  std::string assume(std::string_view role) {
    return outcome(call("AssumeRole", instance(),
                        {{"RoleArn", "arn:aws:iam::123456789012:role/" + std::string(role)},
                         {"RoleSessionName", "session"}}));
  }
};

TEST_F(IssueInstanceIdentity, IsTheInstanceAndNoRoleOfTheDirectory) {
  const iam::Caller caller = instance();
  const auto xml = call("GetCallerIdentity", caller).xml.value();
  EXPECT_EQ(element(xml, "Arn"), "arn:aws:sts::123456789012:assumed-role/aws:ec2-instance/i-1");
  EXPECT_EQ(element(xml, "UserId"), "123456789012:aws:ec2-instance:i-1");
  EXPECT_EQ(element(xml, "Account"), "123456789012");
  EXPECT_EQ(caller.principal.type, iam::PrincipalType::assumed_role);
  EXPECT_EQ(caller.principal.entity_arn, "arn:aws:iam::123456789012:role/aws:ec2-instance");
  EXPECT_EQ(caller.principal.entity_id, "123456789012:aws:ec2-instance");
  EXPECT_TRUE(iam::is_instance_identity(caller.principal));
  ASSERT_TRUE(caller.session);
  EXPECT_EQ(caller.session->role_delivery, iam::RoleDelivery::imdsv1);
  EXPECT_EQ(caller.session->source_instance_arn, "arn:aws:ec2:us-east-1:123456789012:instance/i-1");
}

TEST_F(IssueInstanceIdentity, ExpiresLikeAnySession) {
  const auto credentials = issue();
  EXPECT_EQ(credentials.expiration, world_.clock.now() + hours(6));
  world_.clock.advance(hours(6) - seconds(1));
  EXPECT_TRUE(authenticate(credentials));
  world_.clock.advance(seconds(1));
  const auto late = authenticate(credentials);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "ExpiredToken");
}

TEST_F(IssueInstanceIdentity, HasNoPermission) {
  EXPECT_EQ(outcome(call("GetFederationToken", instance(), {{"Name", "bob"}})).substr(0, 16),
            "403 AccessDenied");
  const std::string denied =
      "403 AccessDenied User: arn:aws:sts::123456789012:assumed-role/aws:ec2-instance/i-1 is not "
      "authorized to perform: ";
  EXPECT_EQ(
      outcome(call("GetAccessKeyInfo", instance(), {{"AccessKeyId", "AKIAIOSFODNN7EXAMPLE"}})),
      denied +
          "sts:GetAccessKeyInfo because no identity-based policy allows the "
          "sts:GetAccessKeyInfo action");
}

TEST_F(IssueInstanceIdentity, NoResourcePolicyIsForIt) {
  world_.roles.push_back({.name = "of-account", .trust = trust(R"({"AWS":"123456789012"})")});
  world_.roles.push_back({.name = "of-anybody", .trust = trust(R"("*")")});
  for (const std::string_view role : {"of-account", "of-anybody", "missing"}) {
    EXPECT_EQ(assume(role),
              "403 AccessDenied User: arn:aws:sts::123456789012:assumed-role/aws:ec2-instance/i-1 "
              "is not authorized to perform: sts:AssumeRole on resource: "
              "arn:aws:iam::123456789012:role/" +
                  std::string(role));
  }
}

TEST_F(IssueInstanceIdentity, NoRoleCanHaveItsName) {
  world_.roles.push_back(
      {.name = std::string(iam::kInstanceIdentityRole), .trust = std::string(support::kTrustEc2)});
  EXPECT_THROW([[maybe_unused]] const auto made = world_.authority(), std::runtime_error);
}

}  // namespace
}  // namespace imdsd::sts
