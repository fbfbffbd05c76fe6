// SPDX-License-Identifier: MIT
#include "reach/aws_profile.h"

#include <gtest/gtest.h>

namespace imdsd::reach {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kConfig =
    "# aws_access_key_id = 1\n[default]\nregion = eu-west-1\ns3 =\n  max_queue = 1\n\n"
    "[profile dev]\r\nRole_Arn= arn\r\nsource_profile=x\n[sso-session s]\nsso_region = y\n"
    "[dev]\ncredential_process = z\n";

TEST(ProfileSettings, AreThoseOfItsSection) {
  EXPECT_EQ(profile_settings(kConfig, AwsFile::config, "default"), (Names{"region", "s3"}));
  EXPECT_EQ(profile_settings(kConfig, AwsFile::config, "dev"),
            (Names{"role_arn", "source_profile"}));
  EXPECT_EQ(profile_settings(kConfig, AwsFile::config, "s"), Names{});
  EXPECT_EQ(profile_settings(kConfig, AwsFile::credentials, "dev"), Names{"credential_process"});
}

TEST(ProfileSettings, CutAnywhereAreFewer) {
  for (std::size_t size = 0; size < kConfig.size(); ++size) {
    EXPECT_LE(profile_settings(kConfig.substr(0, size), AwsFile::config, "dev").size(), 2U);
  }
}

}  // namespace
}  // namespace imdsd::reach
