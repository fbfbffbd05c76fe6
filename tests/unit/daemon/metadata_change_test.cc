// SPDX-License-Identifier: MIT
#include "daemon/metadata_change.h"

#include <string>

#include <gtest/gtest.h>

#include "imds/identity_document.h"

namespace imdsd::daemon {
namespace {

imds::InstanceDescription description() {
  return {.id = "i-0a1b2c3d4e5f60718",
          .type = "t3.micro",
          .availability_zone = "us-east-1a",
          .account_id = "123456789012",
          .region = "us-east-1"};
}

TEST(MetadataPath, IsTheSameInEverySpelling) {
  for (const char* text : {"placement/region", "/placement/region/", "meta-data/placement/region",
                           "/latest/meta-data//placement/region"}) {
    EXPECT_EQ(metadata_path(text).value(), "placement/region") << text;
  }
  EXPECT_EQ(metadata_path("/latest/user-data").value(), "user-data");
  EXPECT_EQ(metadata_path("latest/dynamic/fws/instance-monitoring").value(),
            "dynamic/fws/instance-monitoring");
  EXPECT_EQ(metadata_path("dynamic-thing").value(), "dynamic-thing");
}

TEST(MetadataPath, RefusesWhatNothingCanBeSetAt) {
  EXPECT_EQ(metadata_path("").error().message,
            "metadata path is missing, such as `placement/availability-zone`");
  EXPECT_FALSE(metadata_path("/latest/meta-data/"));
  EXPECT_FALSE(metadata_path("a%00b"));
  EXPECT_EQ(metadata_path("a%FF").error().message, "metadata `a%FF` must be UTF-8");
  EXPECT_FALSE(metadata_path("placement/.."));
  EXPECT_NE(metadata_path("instance-id").error().message.find("instance.*.id"), std::string::npos);
  EXPECT_EQ(metadata_path("dynamic/instance-identity/document").error().message,
            "metadata `dynamic/instance-identity/document` follows from other values: set those");
}

struct SourceCase {
  std::string path, value;
  std::string good;   // in the identity document, or in the primary interface's values
  std::string wrong;  // a value that is refused
};

class MetadataSource : public testing::TestWithParam<SourceCase> {};

TEST_P(MetadataSource, ChangesTheDescriptionOrSaysWhatIsWrong) {
  auto d = description();
  const auto& [path, value, good, wrong] = GetParam();
  const auto changed = change_description({path, value}, d);
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_TRUE(*changed);
  const auto whole = imds::complete(d);
  std::string all = imds::identity_document(whole) + whole.interfaces[0].mac + " " +
                    whole.interfaces[0].local_hostname + " " + whole.interfaces[0].public_hostname +
                    " " + whole.monitoring + " " + whole.availability_zone_id + " " +
                    whole.user_data.value_or("");
  for (const auto& name : whole.security_groups) all += " " + name;
  EXPECT_NE(all.find(good), std::string::npos) << all;
  if (wrong.empty()) return;
  const auto refused = change_description({path, wrong}, d);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("metadata `" + path + "` must be "))
      << refused.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MetadataSource,
    testing::Values(
        SourceCase{"ami-id", "ami-0123456789abcdef0", "\"imageId\" : \"ami-0123456789abcdef0\"",
                   "i-1"},
        SourceCase{"instance-type", "m7g.large", "\"architecture\" : \"arm64\"", "m7 g"},
        SourceCase{"placement/availability-zone", "us-east-1b", "use1-az2", "us-west-2a"},
        SourceCase{"placement/availability-zone", "us-east-1-bos-1a", "us-east-1-bos-1a", ""},
        SourceCase{"kernel-id", "aki-01234567", "\"kernelId\" : \"aki-01234567\"", "ari-01234567"},
        SourceCase{"ramdisk-id", "ari-01234567", "\"ramdiskId\" : \"ari-01234567\"", "x"},
        SourceCase{"product-codes", "a\nb", "[ \"a\", \"b\" ]", "a\n\nb"},
        SourceCase{"security-groups", "web\ndb", " web db", ""},
        SourceCase{"local-ipv4", "10.1.2.3", "ip-10-1-2-3.ec2.internal", "10.1.2"},
        SourceCase{"public-ipv4", "203.0.113.10", "ec2-203-0-113-10.compute-1.amazonaws.com",
                   "::1"},
        SourceCase{"mac", "0a:01:02:03:04:05", "0a:01:02:03:04:05", "0A:01:02:03:04:05"},
        SourceCase{"local-hostname", "web.internal", "web.internal", "a b"},
        SourceCase{"dynamic/fws/instance-monitoring", "enabled", "enabled", "on"},
        SourceCase{"user-data", "#!/bin/sh\n", "#!/bin/sh", ""}));

TEST(MetadataChange, LeavesTheRowAloneToOthers) {
  auto d = description();
  EXPECT_FALSE(change_description({"placement/region", "eu-west-1"}, d).value());
  EXPECT_FALSE(change_description({"ami-id", std::nullopt}, d).value())
      << "what is derived would come in its place";
}

TEST(MetadataChange, TakesAwayWhatOthersFollowFrom) {
  auto d = description();
  ASSERT_TRUE(change_description({"public-ipv4", "203.0.113.10"}, d).value());
  ASSERT_TRUE(change_description({"public-hostname", "www.example.com"}, d).value());
  ASSERT_TRUE(change_description({"public-ipv4", std::nullopt}, d).value());
  EXPECT_TRUE(d.interfaces[0].public_ipv4s.empty());
  EXPECT_TRUE(change_description({"public-ipv4", std::nullopt}, d).value()) << "once more";
  EXPECT_EQ(change_description({"public-hostname", "www.example.com"}, d).error().message,
            "metadata `public-hostname` needs a `public-ipv4`: set that first");
  EXPECT_EQ(
      change_description({"dynamic/fws/instance-monitoring", std::nullopt}, d).error().message,
      "metadata `dynamic/fws/instance-monitoring` is always there");
}

TEST(MetadataChange, TagsAreThoseOfTheInstance) {
  auto d = description();
  EXPECT_EQ(change_description({"tags/instance/Name", "web"}, d).error().message,
            "metadata `tags/instance/Name` needs imds.instance_metadata_tags = \"enabled\"");
  d.instance_metadata_tags = true;
  ASSERT_TRUE(change_description({"tags/instance/Name", "web"}, d).value());
  ASSERT_TRUE(change_description({"tags/instance/Name", "db"}, d).value());
  ASSERT_EQ(d.tags.size(), 1U);
  EXPECT_EQ(d.tags[0].second, "db");
  EXPECT_FALSE(change_description({"tags/instance/a b", "x"}, d));
  ASSERT_TRUE(change_description({"tags/instance/Name", std::nullopt}, d).value());
  EXPECT_TRUE(d.tags.empty());
  EXPECT_TRUE(change_description({"tags/instance/Name", std::nullopt}, d).value()) << "once more";
}

}  // namespace
}  // namespace imdsd::daemon
