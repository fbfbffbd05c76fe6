// SPDX-License-Identifier: MIT
#include "s3/declared_buckets.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/memory_s3_index.h"
#include "tests/support/s3_world.h"

namespace imdsd::s3 {
namespace {

using support::kS3Account;
using support::kS3OtherAccount;

class DeclaredBuckets : public testing::Test {
 protected:
  DeclaredBuckets() { world_.users.push_back({.name = "dev"}); }

  static DeclaredBucket declared(std::string name = "photos") {
    DeclaredBucket bucket;
    bucket.account = kS3Account;
    bucket.name = std::move(name);
    bucket.region = "eu-west-1";
    return bucket;
  }
  static std::string policy(const std::string& principal, const std::string& bucket = "photos") {
    return support::policy_of(R"({"Effect":"Allow","Principal":)" + principal +
                              R"(,"Action":"s3:GetObject","Resource":"arn:aws:s3:::)" + bucket +
                              R"(/*"})");
  }

  /// Messages, one a line.
  std::string ensure(const std::vector<DeclaredBucket>& buckets) {
    std::string out;
    for (const auto& error :
         ensure_buckets(buckets, *world_.realm().directory, index_, world_.clock.now())) {
      out += error.message + "\n";
    }
    return out;
  }
  [[nodiscard]] Bucket bucket(std::string_view name = "photos") { return **index_.bucket(name); }

  support::S3World world_;
  fakes::MemoryS3Index index_;
};

TEST_F(DeclaredBuckets, AreMadeAsS3MakesThem) {
  auto photos = declared();
  photos.policy = policy(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})");
  photos.tags = Tags{{"team", "blue"}};
  EXPECT_EQ(ensure({photos, declared("films")}), "");
  const Bucket made = bucket();
  EXPECT_EQ(made.owner, kS3Account);
  EXPECT_EQ(made.region, "eu-west-1");
  EXPECT_EQ(made.created, world_.clock.now());
  EXPECT_EQ(made.public_access_block, kBlockAll);
  EXPECT_EQ(made.ownership, ObjectOwnership::bucket_owner_enforced);
  EXPECT_NE(made.policy.find("AIDA"), std::string::npos) << "bound to the user that is there now";
  ASSERT_EQ(made.tags.size(), 1U);
  EXPECT_EQ(made.tags[0].value, "blue");
  EXPECT_EQ(bucket("films").policy, "");
}

TEST_F(DeclaredBuckets, KeepWhatTheApiSetOfTheRest) {
  auto photos = declared();
  photos.tags = Tags{{"team", "blue"}};
  ASSERT_EQ(ensure({photos}), "");
  ASSERT_TRUE(index_.set_policy("photos", policy("\"*\"")));
  ASSERT_TRUE(index_.set_bucket_tags("photos", {{"team", "red"}}));
  ASSERT_TRUE(index_.set_public_access_block("photos", std::nullopt));
  photos.region = "us-west-2";
  EXPECT_EQ(ensure({photos}), "");
  EXPECT_EQ(bucket().policy, policy("\"*\""));
  EXPECT_EQ(bucket().public_access_block, std::nullopt);
  EXPECT_EQ(bucket().tags.at(0).value, "blue") << "declared";
  EXPECT_EQ(bucket().region, "eu-west-1") << "a bucket does not move";
}

TEST_F(DeclaredBuckets, AreNotWrittenWhereAllIsSo) {
  auto photos = declared();
  photos.policy = policy(R"({"AWS":"123456789012"})");
  photos.tags = Tags{{"team", "blue"}};
  photos.public_access_block = true;
  ASSERT_EQ(ensure({photos}), "");
  index_.fail_next = true;
  EXPECT_EQ(ensure({photos}), "");
}

TEST_F(DeclaredBuckets, OfAnotherAccountAreRefused) {
  ASSERT_EQ(ensure({declared()}), "");
  auto theirs = declared();
  theirs.account = kS3OtherAccount;
  EXPECT_EQ(ensure({declared("films"), theirs}),
            "bucket `photos`: it belongs to account 123456789012; delete it there, or declare "
            "another name or account\n");
  EXPECT_FALSE(index_.bucket("films")) << "nothing is done by halves";
}

TEST_F(DeclaredBuckets, APublicPolicyTakesAnOpenBucket) {
  auto photos = declared();
  photos.policy = policy("\"*\"");
  EXPECT_EQ(ensure({photos}),
            "bucket `photos`: its policy is public, and its public access block refuses such; "
            "public_access_block = false lets everybody in whom the policy names\n");
  photos.public_access_block = false;
  EXPECT_EQ(ensure({photos}), "");
  EXPECT_EQ(bucket().public_access_block, std::nullopt);
  EXPECT_EQ(bucket().policy, *photos.policy);
}

TEST_F(DeclaredBuckets, AllThatIsWrongIsTold) {
  auto photos = declared();
  photos.policy = policy("\"*\"", "other");
  auto films = declared("films");
  films.policy = policy(R"({"AWS":"arn:aws:iam::123456789012:user/nobody"})", "films");
  films.tags = Tags{{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(ensure({photos, films}),
            "bucket `photos`: Policy has invalid resource\n"
            "bucket `films`: Invalid principal in policy\n"
            "bucket `films`: Cannot provide multiple Tags with the same key\n");
}

TEST_F(DeclaredBuckets, AFullDiskIsTold) {
  index_.fail_next = true;
  EXPECT_EQ(ensure({declared()}), "bucket `photos`: the disk is full\n");
}

}  // namespace
}  // namespace imdsd::s3
