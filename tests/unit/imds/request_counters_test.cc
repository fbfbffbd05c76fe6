// SPDX-License-Identifier: MIT
#include "imds/request_counters.h"

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

TEST(PathFamily, TheLongestThatThePathIsBelow) {
  const std::pair<const char*, const char*> kCases[] = {
      {"api/token", "api/token"},
      {"meta-data/iam/security-credentials", "meta-data/iam/security-credentials"},
      {"meta-data/iam/security-credentials/app-role", "meta-data/iam/security-credentials"},
      {"meta-data/iam/security-credentials-extended/app-role", "meta-data/iam"},
      {"meta-data/iam/info", "meta-data/iam"},
      {"meta-data/placement/region", "meta-data/placement"},
      {"meta-data/placements", "meta-data"},
      {"meta-data/instance-id", "meta-data"},
      {"meta-data", "meta-data"},
      {"dynamic/instance-identity/pkcs7", "dynamic/instance-identity"},
      {"dynamic/fws", "dynamic"},
      {"user-data", "user-data"},
      {"user-data/below", "user-data"},
      {"", "versions"},
      {"metrics", "other"},
      {"meta-dat", "other"},
  };
  for (const auto& [path, family] : kCases) {
    EXPECT_EQ(to_string(path_family(path)), family) << path;
  }
}

TEST(RequestCounters, CountsByFamilyAndStatus) {
  RequestCounters counters;
  EXPECT_TRUE(counters.rows().empty());
  counters.count(PathFamily::iam, 200);
  counters.count(PathFamily::iam, 200);
  counters.count(PathFamily::other, 404);
  const auto rows = counters.rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].family, PathFamily::iam);
  EXPECT_EQ(rows[0].status, 200);
  EXPECT_EQ(rows[0].count, 2U);
  EXPECT_EQ(rows[1].family, PathFamily::other);
  EXPECT_EQ(rows[1].status, 404);
}

TEST(RequestCounters, StatusesThatItDoesNotKnowAreOne) {
  RequestCounters counters;
  for (const int status : {418, 599, -1, 0, 100000}) counters.count(PathFamily::token, status);
  const auto rows = counters.rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].status, 0);
  EXPECT_EQ(rows[0].count, 5U);
}

}  // namespace
}  // namespace imdsd::imds
