// SPDX-License-Identifier: MIT
#include "daemon/core.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core_fixture.h"
#include "daemon/files.h"
#include "sts/session_token.h"

namespace imdsd::daemon {
namespace {

constexpr std::string_view kLambdaTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
    R"("Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

std::string lambda_role() {
  return "[[iam.role]]\nname = \"app-role\"\ntrust_policy = '" + std::string(kLambdaTrust) + "'\n";
}

TEST_F(CoreTest, CredentialsAreThereOnceAConfigurationIs) {
  ASSERT_EQ(apply(role_toml()), "");
  EXPECT_EQ(get("/latest/meta-data/instance-id").body, "i-0a1b2c3d4e5f60718");
  EXPECT_EQ(credentials()["Code"], "Success");
  EXPECT_EQ(credentials()["Expiration"], "2026-01-01T06:00:00Z");
  const auto status = core_->status().value().instances.at(0);
  EXPECT_EQ(status.state, InstanceStatus::State::valid);
  EXPECT_EQ(status.role, "app-role");
  EXPECT_EQ(credentials()["AccessKeyId"], status.access_key_id_v1);
}

TEST_F(CoreTest, SignsIdentityDocumentsOfItsRegion) {
  ASSERT_EQ(apply(""), "");
  const auto early = get("/latest/dynamic/instance-identity/signature");
  EXPECT_EQ(early.status, 503) << "the keys are not made by a request";
  EXPECT_NE(early.body.find("<h1>503 - "), std::string::npos) << early.body;
  const auto east = core_->identity_certificates();
  ASSERT_TRUE(east) << east.error().message;
  const auto signature = get("/latest/dynamic/instance-identity/signature");
  EXPECT_EQ(signature.status, 200);
  EXPECT_EQ(get("/latest/dynamic/instance-identity/signature").body, signature.body);
  EXPECT_EQ(east->region, "us-east-1");
  ASSERT_EQ(apply("[aws]\nregion = \"us-west-2\"\n"), "");
  EXPECT_EQ(get("/latest/dynamic/instance-identity/signature").status, 200) << "made before";
  const auto west = core_->identity_certificates();
  ASSERT_TRUE(west) << west.error().message;
  EXPECT_EQ(west->region, "us-west-2");
  EXPECT_NE(west->keys[0].certificate_pem(), east->keys[0].certificate_pem());
  EXPECT_NE(get("/latest/dynamic/instance-identity/signature").body, signature.body);
  ASSERT_EQ(apply(""), "");
  EXPECT_EQ(core_->identity_certificates()->keys[0].certificate_pem(),
            east->keys[0].certificate_pem());
}

TEST_F(CoreTest, DamagedIdentityKeysAreAProblemAndTheOldConfigurationGoesOn) {
  ASSERT_EQ(apply(""), "");
  std::ofstream(temp_ / "identity-us-west-2.pem") << "damaged";
  std::filesystem::permissions(temp_ / "identity-us-west-2.pem",
                               std::filesystem::perms::owner_read);
  const auto problems = apply("[aws]\nregion = \"us-west-2\"\n");
  EXPECT_NE(problems.find("identity-us-west-2.pem"), std::string::npos) << problems;
  EXPECT_EQ(get("/latest/meta-data/placement/region").body, "us-east-1");
}

TEST_F(CoreTest, WithoutARoleThereIsNoIam) {
  ASSERT_EQ(apply(""), "");
  EXPECT_EQ(get("/latest/meta-data/iam/info").status, 404);
  EXPECT_EQ(core_->status().value().instances.at(0).state, InstanceStatus::State::none);
}

TEST_F(CoreTest, TrustPolicyThatDoesNotAdmitEc2GivesEc2sDocument) {
  ASSERT_EQ(apply(lambda_role()), "");
  const auto document = credentials();
  EXPECT_EQ(document["Code"], "AssumeRoleUnauthorizedAccess");
  EXPECT_EQ(document["Message"],
            "EC2 cannot assume the role app-role.  Please see documentation at "
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
            "troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc.");
  EXPECT_FALSE(document.contains("AccessKeyId"));
  EXPECT_EQ(core_->status().value().instances.at(0).state, InstanceStatus::State::failed);
}

TEST_F(CoreTest, RepairedTrustPolicyWorksAtOnceAfterAReload) {
  ASSERT_EQ(apply(lambda_role()), "");
  ASSERT_EQ(apply(role_toml()), "");
  EXPECT_EQ(credentials()["Code"], "Success");
}

TEST_F(CoreTest, WithdrawnTrustKeepsTheCredentialsUntilTheyExpire) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  ASSERT_EQ(apply(lambda_role()), "");
  EXPECT_FALSE(core_->rotate(""));
  EXPECT_EQ(credentials(), before);
  // Known from the last attempt; nobody has to wait for the next one.
  clock_.advance(std::chrono::hours(6));
  EXPECT_EQ(credentials()["Code"], "AssumeRoleUnauthorizedAccess");
}

TEST_F(CoreTest, ExpiryWithoutAnAttemptIsAFailureOfNoKnownReason) {
  ASSERT_EQ(apply(role_toml()), "");
  clock_.advance(std::chrono::hours(6));
  EXPECT_EQ(credentials()["Code"], "Failed");
}

TEST_F(CoreTest, OtherProfileOfTheSameRoleKeepsTheCredentials) {
  const auto with_profile = [](const std::string& name) {
    return "[[instance]]\nprofile = \"" + name + "\"\n" + role_toml() +
           "[[iam.instance_profile]]\nname = \"one\"\nrole = \"app-role\"\n"
           "[[iam.instance_profile]]\nname = \"two\"\nrole = \"app-role\"\n";
  };
  ASSERT_EQ(apply(with_profile("one")), "");
  const auto before = credentials();
  ASSERT_EQ(apply(with_profile("two")), "");
  EXPECT_EQ(credentials(), before);
  const auto info = nlohmann::json::parse(get("/latest/meta-data/iam/info").body);
  EXPECT_EQ(info["InstanceProfileArn"], "arn:aws:iam::123456789012:instance-profile/two");
}

TEST_F(CoreTest, ReaderNeverMissesARoleWhileItChanges) {
  ASSERT_EQ(apply(role_toml("one")), "");
  std::atomic<unsigned> reads = 0, missing = 0;
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto list = get("/latest/meta-data/iam/security-credentials/");
      if (list.status != 200 || (list.body != "one" && list.body != "two")) ++missing;
      ++reads;
    }
  });
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(apply(role_toml(i % 2 == 0 ? "two" : "one")), "");
    EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, i % 2 == 0 ? "two" : "one");
    for (const unsigned seen = reads; reads < seen + 2;) std::this_thread::yield();
  }
  EXPECT_EQ(missing, 0U);
}

TEST_F(CoreTest, ChangedLifetimeIsTakenUpAtOnce) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  ASSERT_EQ(apply("[credentials]\nlifetime = \"1h\"\n" + role_toml()), "");
  EXPECT_EQ(credentials()["Expiration"], "2026-01-01T01:00:00Z");
  EXPECT_NE(credentials()["AccessKeyId"], before["AccessKeyId"]);
}

TEST_F(CoreTest, ReloadKeepsWhatDidNotChange) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  const auto id = profile_id();
  ASSERT_EQ(apply("[imds]\nhop_limit = 9\n" + role_toml()), "");
  EXPECT_EQ(credentials(), before);
  EXPECT_EQ(profile_id(), id);
  EXPECT_EQ(core_->status().value().imds_options.hop_limit, 9);
}

TEST_F(CoreTest, RoleDeclaredAgainIsAnotherRole) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  const auto id = profile_id();
  ASSERT_EQ(apply(""), "");
  EXPECT_EQ(get("/latest/meta-data/iam/info").status, 404);
  ASSERT_EQ(apply(role_toml()), "");
  EXPECT_NE(profile_id(), id);
  EXPECT_NE(credentials()["AccessKeyId"], before["AccessKeyId"]);
}

TEST_F(CoreTest, OtherInstanceIdIsAnotherInstance) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  ASSERT_EQ(apply("[[instance]]\nid = \"i-0a1b2c3d\"\nprofile = \"app-role\"\n" + role_toml()), "");
  EXPECT_EQ(get("/latest/meta-data/instance-id").body, "i-0a1b2c3d");
  EXPECT_EQ(credentials()["Code"], "Success");
  EXPECT_NE(credentials()["AccessKeyId"], before["AccessKeyId"]);
}

TEST_F(CoreTest, InstanceProfilesMustBeThere) {
  EXPECT_EQ(apply("[[instance]]\nprofile = \"app-rol\"\n" + role_toml()),
            "config.toml:2:11: instance.0.profile: there is no instance profile or role `app-rol` "
            "in account 123456789012, did you mean `app-role`?\n");
  EXPECT_EQ(apply("[[instance]]\nprofile = \"app-role\"\n" + role_toml()), "");
}

TEST_F(CoreTest, BadConfigurationChangesNothing) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  const auto id = profile_id();
  const std::string ghost =
      "[[iam.role]]\nname = \"r\"\ntrust_policy = '''{\"Version\":\"2012-10-17\",\"Statement\":"
      "[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/ghost\"},"
      "\"Action\":\"sts:AssumeRole\"}]}'''\n";
  const auto problems = apply("[imds]\nhop_limit = 9\n" + ghost);
  EXPECT_TRUE(problems.starts_with("config.toml:4:8: iam.role.0: role `r`: ")) << problems;
  EXPECT_NE(problems.find("ghost"), std::string::npos) << problems;
  EXPECT_EQ(credentials(), before);
  EXPECT_EQ(profile_id(), id);
  EXPECT_EQ(core_->status().value().imds_options.hop_limit, 2);
}

TEST_F(CoreTest, UniqueIdsSurviveARestart) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto id = profile_id();
  core_.reset();
  core_ = make();
  ASSERT_EQ(apply(role_toml()), "");
  EXPECT_EQ(profile_id(), id);
}

TEST_F(CoreTest, TakesOverTheIdsOfVersion01) {
  const auto path = temp_ / StateDir::kFormerIds;
  ASSERT_TRUE(
      write_file_atomically(path, R"({"format":1,"ids":{"instance-profile/123456789012/app-role":)"
                                  R"("AIPAYZUFQMQZAAAAAAAAA"}})"));
  ASSERT_EQ(apply(role_toml()), "");
  EXPECT_EQ(profile_id(), "AIPAYZUFQMQZAAAAAAAAA");
  EXPECT_FALSE(read_file(path)) << "the store has them now";
}

TEST_F(CoreTest, UnreadableIdsOfVersion01AreRefusedAndNotOverwritten) {
  const auto path = temp_ / StateDir::kFormerIds;
  ASSERT_TRUE(write_file_atomically(path, "{\"half"));
  const auto problems = apply(role_toml());
  EXPECT_NE(problems.find(path), std::string::npos) << problems;
  EXPECT_EQ(read_file(path).value(), "{\"half");
}

TEST_F(CoreTest, TheAdministratorIsMadeOnceAndItsFileWheneverItIsMissing) {
  const auto path = temp_ / StateDir::kCredentials;
  ASSERT_EQ(apply(role_toml()), "");
  ASSERT_TRUE(core_->ensure_administrator());
  const std::string first = read_file(path).value();
  EXPECT_NE(first.find("[imdsd-admin]\naws_access_key_id = AKIA"), std::string::npos) << first;
  core_.reset();
  core_ = make();
  ASSERT_EQ(apply(role_toml()), "");
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_TRUE(core_->ensure_administrator());
  EXPECT_EQ(read_file(path).value(), first);
}

TEST_F(CoreTest, RotationNamesAnInstance) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto before = credentials();
  EXPECT_EQ(core_->rotate("i-nope").error().code, base::Errc::not_found);
  EXPECT_EQ(credentials(), before);
  EXPECT_TRUE(core_->rotate("i-0a1b2c3d4e5f60718"));
  EXPECT_NE(credentials()["AccessKeyId"], before["AccessKeyId"]);
}

TEST_F(CoreTest, AnInstanceWithoutARoleHasNothingToRotate) {
  ASSERT_EQ(apply("[[instance]]\nname = \"bare\"\nprofile = \"\"\n"), "");
  const auto rotated = core_->rotate("bare");
  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().message, "instance `bare` has no role: there is nothing to rotate");
}

TEST_F(CoreTest, SealsUnderANewKeyWhenOneIsDue) {
  const auto ring = [&] {
    return sts::KeyRing::from_json(read_file(temp_ / StateDir::kKeyRing).value()).value();
  };
  const auto token = [&] { return credentials()["Token"].get<std::string>(); };
  ASSERT_EQ(apply(role_toml()), "");
  const auto former = ring();
  ASSERT_TRUE(core_->refresh_key_ring());
  EXPECT_EQ(ring().newest().id, former.newest().id);
  const std::string old_token = token();
  clock_.advance(sts::KeyRing::kRotateAfter);
  ASSERT_TRUE(core_->refresh_key_ring());
  EXPECT_NE(ring().newest().id, former.newest().id);
  ASSERT_TRUE(core_->rotate(""));
  EXPECT_FALSE(sts::open_session_token(token(), former));
  EXPECT_TRUE(sts::open_session_token(token(), ring()));
  EXPECT_TRUE(sts::open_session_token(old_token, ring()));
}

TEST_F(CoreTest, AwsPortAnswers) {
  ASSERT_EQ(apply(role_toml()), "");
  const auto response = core_->handle_aws(
      fakes::HttpRequestBuilder("GET", "/?Action=GetCallerIdentity&Version=2011-06-15")
          .header("Host", "127.0.0.1:1339")
          .from("127.0.0.1:5000")
          .build());
  EXPECT_EQ(response.status, 403);
  EXPECT_NE(response.body.find("MissingAuthenticationToken"), std::string::npos) << response.body;
}

}  // namespace
}  // namespace imdsd::daemon
