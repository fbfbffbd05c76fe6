// SPDX-License-Identifier: MIT
#include "sts/assume_root.h"

#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

constexpr std::string_view kMember = "444455556666";
const std::string kMemberRoot = "arn:aws:iam::444455556666:root";
const std::string kTasks = "arn:aws:iam::aws:policy/root-task/";

class AssumeRoot : public StsTest {
 protected:
  AssumeRoot() {
    world_.organization = {.management_account = std::string(kAccount),
                           .delegated_administrators = {std::string(kOtherAccount)},
                           .member_accounts = {std::string(kMember)}};
    world_.users.push_back({.name = "dev", .policies = {allow("sts:AssumeRoot", kMemberRoot)}});
    world_.users.push_back({.name = "delegate",
                            .policies = {allow("sts:AssumeRoot", "*")},
                            .account = std::string(kOtherAccount)});
    world_.users.push_back({.name = "member",
                            .policies = {allow("sts:AssumeRoot", "*")},
                            .account = std::string(kMember)});
  }

  ActionAnswer assume(const iam::Caller& caller, const std::string& target = std::string(kMember),
                      const std::string& task = "IAMAuditRootUserCredentials",
                      Parameters more = {}) {
    more.emplace_back("TargetPrincipal", target);
    more.emplace_back("TaskPolicyArn.arn", kTasks + task);
    return call("AssumeRoot", caller, more);
  }
};

std::string denied(std::string_view caller, const std::string& root) {
  return "403 AccessDenied User: " + std::string(caller) +
         " is not authorized to perform: sts:AssumeRoot on resource: " + root;
}

TEST_F(AssumeRoot, TheSessionIsRootOfTheMemberForAQuarterOfAnHour) {
  const auto answer = assume(user());
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "Expiration"), "2026-01-01T00:15:00Z");
  EXPECT_EQ(answer.xml->find("SourceIdentity"), std::string::npos);
  const auto session = caller_of(answer);
  EXPECT_EQ(session.principal.arn, kMemberRoot);
  EXPECT_EQ(session.principal.type, iam::PrincipalType::account_root);
  iam::ConditionKeys keys;
  iam::add_caller_keys(session, world_.clock.now(), keys);
  EXPECT_EQ(keys.find("aws:AssumedRoot")->front(), "true");
  EXPECT_EQ(outcome(call("GetCallerIdentity", session)), "ok");
  for (const std::string action : {"AssumeRole", "GetSessionToken", "GetFederationToken"}) {
    EXPECT_EQ(outcome(call(action, session)),
              "403 AccessDenied Cannot call " + action + " with session credentials");
  }
}

struct TaskCase {
  std::string task, allowed, resource, denied;
};

class AssumeRootTask : public AssumeRoot, public testing::WithParamInterface<TaskCase> {};

TEST_P(AssumeRootTask, LimitsTheSession) {
  const auto& row = GetParam();
  const auto session = caller_of(assume(user(), std::string(kMember), row.task));
  EXPECT_TRUE(may(session, row.allowed, row.resource));
  EXPECT_FALSE(may(session, row.denied, row.resource));
  EXPECT_FALSE(may(session, "ec2:RunInstances", "arn:aws:ec2:us-east-1:444455556666:instance/*"));
}

INSTANTIATE_TEST_SUITE_P(
    Tasks, AssumeRootTask,
    testing::Values(TaskCase{"IAMAuditRootUserCredentials", "iam:ListAccessKeys", kMemberRoot,
                             "iam:DeleteAccessKey"},
                    TaskCase{"IAMCreateRootUserPassword", "iam:CreateLoginProfile", kMemberRoot,
                             "iam:DeleteLoginProfile"},
                    TaskCase{"IAMDeleteRootUserCredentials", "iam:DeleteAccessKey", kMemberRoot,
                             "iam:CreateAccessKey"},
                    TaskCase{"S3UnlockBucketPolicy", "s3:DeleteBucketPolicy", "arn:aws:s3:::b",
                             "s3:DeleteBucket"},
                    TaskCase{"SQSUnlockQueuePolicy", "sqs:SetQueueAttributes",
                             "arn:aws:sqs:us-east-1:444455556666:q", "sqs:DeleteQueue"}),
    [](const auto& tested) { return tested.param.task; });

TEST_F(AssumeRoot, TasksAreForRootAloneAndNotForUsers) {
  const auto session = caller_of(assume(user()));
  EXPECT_FALSE(may(session, "iam:ListAccessKeys", "arn:aws:iam::444455556666:user/member"));
}

TEST_F(AssumeRoot, TakesTheRootsArnAsWell) {
  EXPECT_EQ(outcome(assume(user(), kMemberRoot)), "ok");
  EXPECT_EQ(outcome(assume(user("delegate", kOtherAccount), kMemberRoot)), "ok");
}

TEST_F(AssumeRoot, IsForManagementAndDelegatedAccountsOnMembersOnly) {
  const auto member = user("member", kMember);
  EXPECT_EQ(outcome(assume(member, std::string(kOtherAccount))),
            denied("arn:aws:iam::444455556666:user/member", "arn:aws:iam::210987654321:root"));
  const std::string_view delegate = "arn:aws:iam::210987654321:user/delegate";
  EXPECT_EQ(outcome(assume(user("delegate", kOtherAccount), std::string(kAccount))),
            denied(delegate, "arn:aws:iam::123456789012:root"))
      << "the management account is no member";
  EXPECT_EQ(outcome(assume(user("delegate", kOtherAccount), "999999999999")),
            denied(delegate, "arn:aws:iam::999999999999:root"));
  world_.organization = {};
  EXPECT_EQ(outcome(assume(user())), denied("arn:aws:iam::123456789012:user/dev", kMemberRoot));
}

TEST_F(AssumeRoot, NeedsPermission) {
  const std::string resource =
      denied("arn:aws:iam::123456789012:user/dev", "arn:aws:iam::210987654321:root");
  EXPECT_EQ(outcome(assume(user(), std::string(kOtherAccount))),
            resource + " because no identity-based policy allows the sts:AssumeRoot action");
  world_.users[0].policies = {
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoot",)"
      R"("Resource":"*","Condition":{"StringEquals":{"sts:TaskPolicyArn":)"
      R"("arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}}})"};
  EXPECT_NE(outcome(assume(user())), "ok");
  EXPECT_EQ(outcome(assume(user(), std::string(kMember), "S3UnlockBucketPolicy")), "ok");
}

TEST_F(AssumeRoot, Parameters) {
  EXPECT_EQ(outcome(assume(user(), "not-an-account")),
            "400 ValidationError TargetPrincipal must be an account id or the ARN of an account's "
            "root: not-an-account");
  EXPECT_EQ(outcome(assume(user(), "arn:aws:iam::444455556666:user/dev")),
            "400 ValidationError TargetPrincipal must be an account id or the ARN of an account's "
            "root: arn:aws:iam::444455556666:user/dev");
  EXPECT_EQ(
      outcome(assume(user(), std::string(kMember), "AdministratorAccess")),
      "400 ValidationError " + kTasks + "AdministratorAccess is not a policy for root tasks.");
  const std::string error = "400 ValidationError 1 validation error detected: Value ";
  const std::string must = " failed to satisfy constraint: Member must ";
  EXPECT_EQ(outcome(assume(user(), std::string(kMember), "S3UnlockBucketPolicy",
                           {{"DurationSeconds", "901"}})),
            error + "'901' at 'durationSeconds'" + must + "have value less than or equal to 900");
  EXPECT_EQ(outcome(call("AssumeRoot", user(), {{"TargetPrincipal", std::string(kMember)}})),
            error + "null at 'taskPolicyArn.arn'" + must + "not be null");
}

TEST_F(AssumeRoot, TheSourceIdentityOfASessionGoesOn) {
  world_.roles.push_back({.name = "r",
                          .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})", "",
                                         R"(["sts:AssumeRole","sts:SetSourceIdentity"])"),
                          .policies = {allow("sts:AssumeRoot", "*")}});
  const auto role = caller_of(call("AssumeRole", user(),
                                   {{"RoleArn", "arn:aws:iam::123456789012:role/r"},
                                    {"RoleSessionName", "one"},
                                    {"SourceIdentity", "alice"}}));
  const auto answer = assume(role);
  EXPECT_EQ(element(*answer.xml, "SourceIdentity"), "alice");
  EXPECT_EQ(caller_of(answer).session->source_identity, "alice");
}

}  // namespace
}  // namespace imdsd::sts
