// SPDX-License-Identifier: MIT
#include "daemon/config_s3.h"

#include <string>

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "core_fixture.h"

namespace imdsd::daemon {
namespace {

constexpr const char* kPolicy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},)"
    R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}]})";

TEST(ConfigS3, ReadsBuckets) {
  TestConfig file{
      "[aws]\nregion = \"eu-west-1\"\naccount_id = \"111122223333\"\n"
      "[[s3.bucket]]\nname = \"photos\"\npolicy_file = \"policy.json\"\n"
      "tags = [{ key = \"team\", value = \"blue\" }]\n"
      "[[s3.bucket]]\nname = \"films\"\naccount = \"210987654321\"\n"
      "public_access_block = false\n"};
  file.files["conf/policy.json"] = kPolicy;
  const auto buckets = file.config().s3.buckets;
  ASSERT_EQ(buckets.size(), 2U);
  EXPECT_EQ(buckets[0].name, "photos");
  EXPECT_EQ(buckets[0].account, "111122223333");
  EXPECT_EQ(buckets[0].region, "eu-west-1");
  EXPECT_EQ(buckets[0].policy, kPolicy);
  ASSERT_TRUE(buckets[0].tags);
  EXPECT_EQ(buckets[0].tags->at(0).key, "team");
  EXPECT_EQ(buckets[0].public_access_block, std::nullopt);
  EXPECT_EQ(buckets[1].account, "210987654321");
  EXPECT_EQ(buckets[1].policy, std::nullopt);
  EXPECT_FALSE(buckets[1].tags);
  EXPECT_EQ(buckets[1].public_access_block, false);
}

TEST(ConfigS3, TellsWhatIsWrongAndWhere) {
  const TestConfig file{
      "[[s3.bucket]]\nname = \"Photos\"\n"
      "[[s3.bucket]]\nname = \"films\"\npolicy = '''\n{\n"
      "  \"Statement\": 1\n}'''\n"
      "[[s3.bucket]]\nname = \"films\"\naccount = \"12\"\n"
      "[[s3.bucket]]\nversioning = true\n"};
  const std::string problems = file.problems();
  for (const auto* part :
       {"config.toml:2:8: s3.bucket.0.name: must be a bucket's name", "(got `Photos`)",
        "config.toml:7:16: s3.bucket.1.policy: ",
        "config.toml:10:8: s3.bucket.2.name: bucket `films` is declared twice",
        "config.toml:11:11: s3.bucket.2.account: ", "s3.bucket.3.name: is required",
        "s3.bucket.3.versioning: unknown key"}) {
    EXPECT_NE(problems.find(part), std::string::npos) << part << "\nin\n" << problems;
  }
}

TEST_F(CoreTest, DeclaredBucketsAreThereOnceAConfigurationIs) {
  const std::string mine = "[[s3.bucket]]\nname = \"photos\"\n";
  ASSERT_EQ(apply(mine), "");
  ASSERT_EQ(apply(""), "") << "and stay when they are not declared any more";
  const std::string theirs = role_toml() + mine + "account = \"210987654321\"\n";
  EXPECT_EQ(apply(theirs),
            "config.toml:5:8: s3.bucket.0: bucket `photos`: it belongs to account 123456789012; "
            "delete it there, or declare another name or account\n");
  EXPECT_EQ(core_->status().value().instances.at(0).role, "") << "nothing of it was taken up";
  core_.reset();
  core_ = make();
  EXPECT_NE(apply(theirs), "") << "still there after a restart";
  EXPECT_EQ(apply(mine), "");
}

}  // namespace
}  // namespace imdsd::daemon
