// SPDX-License-Identifier: MIT
#include "sts_client/embedded_source.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sts/session_token.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts_client {
namespace {

using base::Errc;
using std::chrono::hours;

class EmbeddedSourceTest : public testing::Test {
 protected:
  EmbeddedSourceTest() {
    world_.roles.push_back({.name = "app-role", .trust = support::kTrustEc2});
    publish();
  }

  void publish() { cell_.store(std::make_shared<const sts::Authority>(world_.authority())); }

  sts::SessionClaims open(const aws::Credentials& credentials) {
    return sts::open_session_token(credentials.session_token.reveal(), *cell_.load()->key_ring)
        .value();
  }

  support::StsWorld world_;
  base::SnapshotCell<sts::Authority> cell_;
  EmbeddedSource source_{world_.clock, world_.random, cell_};
  InstanceRole instance_{"i-1", "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
                         std::string(support::kAccount), "app-role"};
};

TEST_F(EmbeddedSourceTest, TellsWhereTheInstanceIs) {
  instance_.vpc_id = "vpc-0a1b2c3d4e5f60718";
  instance_.private_ipv4 = "172.31.0.9";
  const auto sets = source_.fetch(instance_, hours(6));
  ASSERT_TRUE(sets) << sets.error().message;
  const std::map<std::string, std::vector<std::string>> keys{
      {"aws:Ec2InstanceSourcePrivateIPv4", {"172.31.0.9"}},
      {"aws:Ec2InstanceSourceVpc", {"vpc-0a1b2c3d4e5f60718"}}};
  EXPECT_EQ(open(*sets->imdsv1).session.provider_keys, keys);
  EXPECT_EQ(open(*sets->imdsv2).session.provider_keys, keys);
  instance_.private_ipv4.clear();
  EXPECT_EQ(open(*source_.fetch(instance_, hours(6))->imdsv2).session.provider_keys.size(), 1U);
}

TEST_F(EmbeddedSourceTest, MakesTwoSessionsThatDifferInTheirDelivery) {
  world_.clock.advance(std::chrono::milliseconds(250));
  const auto sets = source_.fetch(instance_, hours(6));
  ASSERT_TRUE(sets) << sets.error().message;
  EXPECT_EQ(sets->issued, world_.clock.now());
  EXPECT_EQ(sets->expiration(), fakes::ManualClock::kStart + hours(6));
  EXPECT_EQ(sets->imdsv1->expiration, sets->imdsv2->expiration);
  EXPECT_NE(sets->imdsv1->access_key_id, sets->imdsv2->access_key_id);
  const auto v1 = open(*sets->imdsv1);
  const auto v2 = open(*sets->imdsv2);
  EXPECT_EQ(v1.session.role_delivery, iam::RoleDelivery::imdsv1);
  EXPECT_EQ(v2.session.role_delivery, iam::RoleDelivery::imdsv2);
  EXPECT_EQ(v1.session_name, "i-1");
  EXPECT_EQ(v1.session.source_instance_arn, instance_.instance_arn);
}

TEST_F(EmbeddedSourceTest, UsesTheDirectoryAsItIsNow) {
  EXPECT_TRUE(source_.fetch(instance_, hours(6)));
  world_.roles[0].trust = support::trust(R"({"Service":"lambda.amazonaws.com"})");
  publish();
  EXPECT_EQ(source_.fetch(instance_, hours(6)).error().code, Errc::access_denied);
  world_.drop_role("app-role");
  publish();
  EXPECT_EQ(source_.fetch(instance_, hours(6)).error().code, Errc::not_found);
}

TEST_F(EmbeddedSourceTest, OfAnotherServiceThereIsOneSession) {
  world_.roles[0].trust = support::trust(R"({"Service":"ecs-tasks.amazonaws.com"})");
  publish();
  EXPECT_EQ(source_.fetch(instance_, hours(6)).error().code, Errc::access_denied);
  instance_.service = {.principal = "ecs-tasks.amazonaws.com",
                       .session_name = "0123456789abcdef0123456789abcdef",
                       .source_arn = "arn:aws:ecs:us-east-1:123456789012:task/default/0123",
                       .tags = {}};
  const auto sets = source_.fetch(instance_, hours(6));
  ASSERT_TRUE(sets) << sets.error().message;
  EXPECT_EQ(sets->imdsv1, sets->imdsv2);
  const auto claims = open(*sets->imdsv2);
  EXPECT_EQ(claims.session_name, "0123456789abcdef0123456789abcdef");
  EXPECT_FALSE(claims.session.role_delivery);
  EXPECT_EQ(claims.session.source_instance_arn, "");
}

}  // namespace
}  // namespace imdsd::sts_client
