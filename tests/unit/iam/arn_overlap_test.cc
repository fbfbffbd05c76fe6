// SPDX-License-Identifier: MIT
#include "iam/arn_overlap.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

constexpr std::string_view kBucket = "arn:${Partition}:s3:::${BucketName}";
constexpr std::string_view kObject = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
constexpr std::string_view kRole = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";
constexpr std::string_view kRoot = "arn:${Partition}:iam::${Account}:root";
constexpr std::string_view kInstance =
    "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}";

struct Case {
  std::string_view resource, format;
  bool overlap;
};

class ArnOverlap : public testing::TestWithParam<Case> {};

TEST_P(ArnOverlap, TellsWhetherAnArnCanBeBoth) {
  EXPECT_EQ(arns_overlap(GetParam().resource, GetParam().format), GetParam().overlap)
      << GetParam().resource << " " << GetParam().format;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ArnOverlap,
    testing::Values(
        Case{"*", kBucket, true}, Case{"arn:aws:s3", kBucket, true},
        Case{"arn:aws:s3:::b", kBucket, true}, Case{"arn:aws:s3:::b", kObject, false},
        Case{"arn:aws:s3:::b/*", kBucket, false}, Case{"arn:aws:s3:::b/*", kObject, true},
        Case{"arn:aws:s3:::b/", kObject, false}, Case{"arn:aws:s3:::b*", kBucket, true},
        Case{"arn:aws:s3:::b*", kObject, true}, Case{"arn:aws:s3:::*/x", kObject, true},
        Case{"arn:aws:s3:::*/x", kBucket, false}, Case{"arn:aws:s3:::b?o", kBucket, true},
        Case{"arn:aws:s3:::b?o", kObject, true}, Case{"arn:aws:s3:::?", kObject, false},
        Case{"arn:aws:s3:::${aws:username}", kObject, true},
        Case{"arn:aws:s3:::b/${aws:username}/*", kBucket, false},
        Case{"arn:aws:s3:us-east-1::b", kBucket, false}, Case{"arn:aws:s3:*:*:b", kBucket, true},
        Case{"arn:aws-cn:s3:::b", kBucket, true}, Case{"arn:aws:iam:::b", kBucket, false},
        Case{"arn:aws:iam::123456789012:role/p/r", kRole, true},
        Case{"arn:aws:iam::*:role/*", kRole, true}, Case{"arn:aws:iam::*:*", kRole, true},
        Case{"arn:aws:iam::123456789012:Role/r", kRole, false},
        Case{"arn:aws:iam::123456789012:user/*", kRole, false},
        Case{"arn:aws:iam::123456789012:root", kRoot, true},
        Case{"arn:aws:iam::123456789012:roo", kRoot, false},
        Case{"arn:aws:iam::123456789012:r*", kRoot, true},
        Case{"arn:aws:ec2:*:*:instance/i-*", kInstance, true},
        Case{"arn:aws:ec2:::instance/i-*", kInstance, false},
        Case{"arn:aws:ec2:*:*:volume/*", kInstance, false}));

TEST(ArnOverlap, TakesTheProductOfTheLengths) {
  std::string stars = "arn:aws:s3:::";
  for (int i = 0; i < 1000; ++i) stars += "*a";
  EXPECT_FALSE(arns_overlap(stars + "/", kBucket));
  EXPECT_TRUE(arns_overlap(stars + "/", kObject));
}

}  // namespace
}  // namespace imdsd::iam
