// SPDX-License-Identifier: MIT
#include "imds/region_names.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

struct Zone {
  std::string_view zone, region, id, partition, domain;
};

class RegionNames : public testing::TestWithParam<Zone> {};

TEST_P(RegionNames, FollowFromTheZone) {
  const Zone& expected = GetParam();
  const std::string region = region_of_zone(expected.zone);
  EXPECT_EQ(region, expected.region);
  EXPECT_EQ(zone_id(expected.zone), expected.id);
  EXPECT_EQ(partition_of_region(region), expected.partition);
  EXPECT_EQ(services_domain(partition_of_region(region)), expected.domain);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RegionNames,
    testing::Values(
        Zone{"us-east-1a", "us-east-1", "use1-az1", "aws", "amazonaws.com"},
        Zone{"us-west-2b", "us-west-2", "usw2-az2", "aws", "amazonaws.com"},
        Zone{"eu-central-1c", "eu-central-1", "euc1-az3", "aws", "amazonaws.com"},
        Zone{"eu-south-2a", "eu-south-2", "eus2-az1", "aws", "amazonaws.com"},
        Zone{"ap-southeast-2a", "ap-southeast-2", "apse2-az1", "aws", "amazonaws.com"},
        Zone{"ap-northeast-1d", "ap-northeast-1", "apne1-az4", "aws", "amazonaws.com"},
        Zone{"us-west-2-lax-1b", "us-west-2", "usw2-lax1-az2", "aws", "amazonaws.com"},
        Zone{"us-gov-west-1a", "us-gov-west-1", "usgw1-az1", "aws-us-gov", "amazonaws.com"},
        Zone{"cn-north-1a", "cn-north-1", "cnn1-az1", "aws-cn", "amazonaws.com.cn"},
        Zone{"cn-northwest-1b", "cn-northwest-1", "cnnw1-az2", "aws-cn", "amazonaws.com.cn"},
        Zone{"us-iso-east-1a", "us-iso-east-1", "usie1-az1", "aws-iso", "c2s.ic.gov"},
        Zone{"us-isob-east-1a", "us-isob-east-1", "usie1-az1", "aws-iso-b", "sc2s.sgov.gov"},
        Zone{"local", "local", "local-az1", "aws", "amazonaws.com"},
        Zone{"", "", "-az1", "aws", "amazonaws.com"}),
    [](const auto& i) {
      std::string name(i.param.zone.empty() ? "none" : i.param.zone);
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

}  // namespace
}  // namespace imdsd::imds
