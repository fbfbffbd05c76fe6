// SPDX-License-Identifier: MIT
#include "iam/simulate.h"

#include <gtest/gtest.h>

#include "iam/directory_service.h"
#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using base::Errc;

class SimulatedCaller : public ::testing::Test {
 protected:
  SimulatedCaller() {
    auto user = std::make_shared<User>();
    user->account = evaluation::kAccount;
    user->path = "/team/";
    user->name = "dev";
    user->unique_id = evaluation::kUserId;
    auto role = std::make_shared<Role>();
    role->account = evaluation::kAccount;
    role->path = "/app/";
    role->name = "worker";
    role->unique_id = evaluation::kRoleId;
    directory_ = make_directory({user, role}).value();
  }
  [[nodiscard]] base::Result<Caller> caller(const std::string& rest) const {
    return caller_of_arn("arn:aws:" + rest, *directory_);
  }
  [[nodiscard]] Errc error(const std::string& rest) const {
    const auto found = caller(rest);
    EXPECT_FALSE(found) << rest;
    return found ? Errc::internal : found.error().code;
  }

  std::shared_ptr<const Directory> directory_;
};

TEST_F(SimulatedCaller, IsAUserARoleASessionOrTheRoot) {
  const auto user = caller("iam::123456789012:user/team/dev");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->principal.type, PrincipalType::user);
  EXPECT_EQ(user->principal.user_id, evaluation::kUserId);

  const auto role = caller("iam::123456789012:role/app/worker");
  ASSERT_TRUE(role);
  EXPECT_EQ(role->principal.type, PrincipalType::assumed_role);
  EXPECT_EQ(role->principal.arn, "arn:aws:iam::123456789012:role/app/worker");
  EXPECT_EQ(role->principal.user_id, evaluation::kRoleId);

  const auto session = caller("sts::123456789012:assumed-role/worker/s");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->principal.arn, "arn:aws:sts::123456789012:assumed-role/worker/s");
  EXPECT_EQ(session->principal.entity_arn, "arn:aws:iam::123456789012:role/app/worker");

  const auto root = caller("iam::123456789012:root");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->principal.type, PrincipalType::account_root);
}

TEST_F(SimulatedCaller, IsThere) {
  EXPECT_EQ(error("iam::123456789012:user/dev"), Errc::not_found) << "its path is another";
  EXPECT_EQ(error("iam::123456789012:role/worker"), Errc::not_found);
  EXPECT_EQ(error("iam::210987654321:user/team/dev"), Errc::not_found);
  EXPECT_EQ(error("sts::123456789012:assumed-role/other/s"), Errc::not_found);
  EXPECT_EQ(error("sts::123456789012:assumed-role/worker"), Errc::not_found) << "no session";
}

TEST_F(SimulatedCaller, IsNothingElse) {
  EXPECT_EQ(error("iam::123456789012:group/team"), Errc::invalid_argument);
  EXPECT_EQ(error("s3:::bucket"), Errc::invalid_argument);
  EXPECT_EQ(caller_of_arn("dev", *directory_).error().code, Errc::invalid_argument);
}

class SimulatedRequest : public ::testing::Test {
 protected:
  SimulatedRequest() {
    simulation_.caller.principal = evaluation::principal(PrincipalType::user);
    simulation_.action = "s3:GetObject";
    simulation_.resource = "arn:aws:s3:::bucket/key";
  }
  void allow(const std::string& more) {
    simulation_.policies.identity.push_back(
        evaluation::policy("p", R"({"Effect":"Allow","Action":"s3:*","Resource":"*")" + more + "}",
                           PolicyKind::identity));
  }
  Simulation simulation_;
};

TEST_F(SimulatedRequest, BelongsToTheCallersAccountUnlessItSaysSo) {
  allow("");
  EXPECT_EQ(simulate(simulation_).request.resource_account, evaluation::kAccount);
  EXPECT_TRUE(simulate(simulation_).decision.allowed());
  simulation_.resource_owner = evaluation::kOtherAccount;
  EXPECT_EQ(simulate(simulation_).request.resource_account, evaluation::kOtherAccount);
  EXPECT_FALSE(simulate(simulation_).decision.allowed()) << "no policy of the other account";
  simulation_.resource = "arn:aws:sqs:eu-west-1:999999999999:queue";
  EXPECT_EQ(simulate(simulation_).request.resource_account, "999999999999");
}

TEST_F(SimulatedRequest, HasNoResourceForAnAsterisk) {
  simulation_.resource = "*";
  allow("");
  const auto result = simulate(simulation_);
  EXPECT_FALSE(result.request.resource);
  EXPECT_TRUE(result.decision.allowed());
}

TEST_F(SimulatedRequest, OfAllBucketsIsAsTheRealOne) {
  simulation_.action = "s3:ListAllMyBuckets";
  simulation_.policies.identity = {evaluation::policy(
      "p", R"({"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::*"})",
      PolicyKind::identity)};
  for (const char* asked : {"*", "arn:aws:s3:::*", "arn:aws:s3:::bucket"}) {
    simulation_.resource = asked;
    EXPECT_TRUE(simulate(simulation_).decision.allowed()) << asked;
  }
  simulation_.policies.identity = {evaluation::policy(
      "p", R"({"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::bucket"})",
      PolicyKind::identity)};
  EXPECT_FALSE(simulate(simulation_).decision.allowed());
}

TEST_F(SimulatedRequest, MissesKeysOfAllLayersOnce) {
  allow(R"(,"Condition":{"StringEquals":{"s3:prefix":"a","aws:username":"u"}})");
  allow(R"(,"Condition":{"StringEquals":{"S3:PREFIX":"a"}})");
  simulation_.policies.boundary = evaluation::policy(
      "b",
      R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":)"
      R"("true"}}})",
      PolicyKind::boundary);
  simulation_.keys.set("AWS:UserName", std::string("u"));
  EXPECT_EQ(simulate(simulation_).missing_keys,
            (std::vector<std::string>{"s3:prefix", "aws:SecureTransport"}));
}

}  // namespace
}  // namespace imdsd::iam
