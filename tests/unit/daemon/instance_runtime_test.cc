// SPDX-License-Identifier: MIT
#include "daemon/instance_runtime.h"

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

class InstanceRuntimeTest : public testing::Test {
 protected:
  /// A profile `name`, which contains the role `role`; empty: none.
  static InstanceProfileView profile(const std::string& name, const std::string& role) {
    InstanceProfileView view{name, "arn:" + name, "AIPA" + name, std::nullopt, ""};
    if (!role.empty()) view.role = instance_role(role);
    return view;
  }
  static sts_client::InstanceRole instance_role(const std::string& role) {
    return {"i-1", "arn:i-1", "123456789012", role};
  }
  void describe(const std::string& type, std::optional<InstanceProfileView> view) {
    const auto config = std::make_shared<InstanceConfig>();
    config->description.id = "i-0a1b2c3d";
    config->description.type = type;
    config->description.availability_zone = "us-east-1a";
    runtime_.describe({}, instance_tree(config, nullptr, clock_.now()), std::move(view));
  }
  void publish_failure(const std::string& role) {
    sts_client::RotationState state;
    state.instance = instance_role(role);
    state.failure = base::Error{base::Errc::access_denied, "no"};
    state.last_attempt = clock_.now();
    runtime_.publish(state);
  }
  [[nodiscard]] std::string get(const std::string& path) const {
    const auto response =
        runtime_.service().handle(fakes::HttpRequestBuilder("GET", "/latest/meta-data/" + path)
                                      .header("Host", "127.0.0.1")
                                      .from("127.0.0.1:5000")
                                      .build());
    return response.status == 200 ? response.body : std::to_string(response.status);
  }
  [[nodiscard]] std::string roles() const { return get("iam/security-credentials/"); }

  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  InstanceRuntime runtime_{"i-0a1b2c3d", clock_, random_};
};

TEST_F(InstanceRuntimeTest, NewRoleAppearsWithItsFirstOutcomeAndNotBefore) {
  describe("t3.micro", profile("p", "one"));
  EXPECT_EQ(get("instance-type"), "503") << "nothing before the first role's outcome";
  publish_failure("one");
  EXPECT_EQ(roles(), "one");
  describe("t3.large", profile("p", "two"));
  EXPECT_EQ(roles(), "one");
  EXPECT_EQ(get("instance-type"), "t3.micro") << "tree and role change together";
  publish_failure("one");
  EXPECT_EQ(roles(), "one") << "an outcome of the role that goes";
  publish_failure("two");
  EXPECT_EQ(roles(), "two");
  EXPECT_EQ(get("instance-type"), "t3.large");
}

TEST_F(InstanceRuntimeTest, OtherProfileOfTheSameRoleIsTakenUpAtOnce) {
  describe("t3.micro", profile("p", "one"));
  publish_failure("one");
  describe("t3.large", profile("q", "one"));
  EXPECT_EQ(roles(), "one");
  EXPECT_NE(get("iam/info").find("arn:q"), std::string::npos);
  EXPECT_EQ(get("instance-type"), "t3.large");
}

TEST_F(InstanceRuntimeTest, RoleThatIsGoneIsGoneAtOnceAndItsCredentialsDoNotComeBack) {
  describe("t3.micro", profile("p", "one"));
  publish_failure("one");
  describe("t3.micro", std::nullopt);
  EXPECT_EQ(get("iam/info"), "404");
  publish_failure("one");
  EXPECT_EQ(get("iam/info"), "404");
  describe("t3.large", profile("p", "one"));
  EXPECT_EQ(get("instance-type"), "t3.micro") << "what was known of that role is forgotten";
  describe("t3.large", profile("p", ""));
  EXPECT_NE(get("iam/info").find("does not contain a role"), std::string::npos);
  EXPECT_EQ(roles(), "404");
}

}  // namespace
}  // namespace imdsd::daemon
