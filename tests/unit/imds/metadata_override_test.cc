// SPDX-License-Identifier: MIT
#include "imds/metadata_override.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

InstanceDescription with(std::vector<MetadataOverride> overrides) {
  InstanceDescription d = sample();
  d.overrides = std::move(overrides);
  return d;
}

TEST(MetadataOverride, GivesAValueAnother) {
  const auto d = with({{"placement/availability-zone", "us-east-1b"}});
  EXPECT_EQ(value_at(d, "meta-data/placement/availability-zone"), "us-east-1b");
  EXPECT_EQ(value_at(d, "meta-data/placement/availability-zone-id"), "use1-az1");
}

TEST(MetadataOverride, AddsAValueWithItsFolders) {
  const auto d = with({{"spot/instance-action", "{}"}, {"spot/termination-time", ""}});
  EXPECT_EQ(value_at(d, "meta-data/spot"), "instance-action\ntermination-time");
  EXPECT_EQ(value_at(d, "meta-data/spot/instance-action"), "{}");
  EXPECT_EQ(value_at(d, "meta-data/spot/termination-time"), "");
}

TEST(MetadataOverride, TakesAValueAway) {
  const auto d = with({{"events/maintenance/history", std::nullopt}});
  EXPECT_EQ(value_at(d, "meta-data/events/maintenance"), "scheduled");
  EXPECT_EQ(value_at(d, "meta-data/events/maintenance/history"), "(absent)");
}

TEST(MetadataOverride, TakesTheFolderOfTheLastValueAway) {
  const auto d = with({{"metrics/vhostmd", std::nullopt}});
  EXPECT_EQ(value_at(d, "meta-data/metrics"), "(absent)");
}

TEST(MetadataOverride, TakesTheIdentityCredentialsAway) {
  const auto d = with({{"identity-credentials/ec2/security-credentials", std::nullopt}});
  EXPECT_EQ(value_at(d, "meta-data/identity-credentials/ec2"), "info");
}

struct BadPath {
  std::string_view name, path, why;
  bool absent = false;
};

class MetadataOverrideRefuses : public testing::TestWithParam<BadPath> {};

TEST_P(MetadataOverrideRefuses, ThePath) {
  MetadataOverride change{std::string(GetParam().path), "x"};
  if (GetParam().absent) change.value.reset();
  InstanceDescription description = with({change});
  description.public_keys = {{"k1", "ssh-ed25519 AAAA k1"}};
  const auto tree = build_metadata_tree(description, {});
  ASSERT_FALSE(tree);
  const bool gone = GetParam().why == "absent already";
  EXPECT_EQ(tree.error().code, gone ? base::Errc::not_found : base::Errc::invalid_argument);
  EXPECT_NE(tree.error().message.find(GetParam().why), std::string::npos) << tree.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MetadataOverrideRefuses,
    testing::Values(
        BadPath{"nothing", "", "is no path"}, BadPath{"slash_in_front", "/a", "is no path"},
        BadPath{"slash_behind", "a/", "is no path"}, BadPath{"doubled_slash", "a//b", "is no path"},
        BadPath{"upwards", "a/../b", "is no path"}, BadPath{"two_lines", "a\nb", "is no path"},
        BadPath{"directory", "placement", "is a directory"},
        BadPath{"below_a_value", "mac/x", "lies below a value"},
        BadPath{"role", "iam/info", "instance profile"},
        BadPath{"roles", "iam", "instance profile"},
        BadPath{"identity", "identity-credentials/ec2/security-credentials", "issued by STS"},
        BadPath{"identity_document", "identity-credentials/ec2/security-credentials/ec2-instance",
                "issued by STS"},
        BadPath{"public_keys", "public-keys", "public keys"},
        BadPath{"new_key", "public-keys/foo", "public keys"},
        BadPath{"public_key", "public-keys/0/openssh-key", "public keys", true},
        BadPath{"gone_already", "spot/termination-time", "absent already", true}),
    [](const auto& i) { return std::string(i.param.name); });

}  // namespace
}  // namespace imdsd::imds
