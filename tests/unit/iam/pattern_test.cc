// SPDX-License-Identifier: MIT
#include "iam/pattern.h"

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

struct ActionCase {
  std::string_view name, pattern, action;
  bool expected;
};

class ActionPatterns : public testing::TestWithParam<ActionCase> {};

TEST_P(ActionPatterns, Match) {
  const std::string lower = base::to_lower(GetParam().action);
  const auto pattern = ActionPattern::compile(GetParam().pattern);
  EXPECT_EQ(pattern.matches_lower(lower), GetParam().expected)
      << GetParam().pattern << " on " << GetParam().action;
  if (GetParam().expected) {
    EXPECT_NE(pattern.services() & service_of(lower), ServiceSet{0});
  }
}

constexpr ActionCase kActions[] = {
    {"Star", "*", "sts:AssumeRole", true},
    {"Exact", "sts:AssumeRole", "sts:AssumeRole", true},
    {"WithoutCase", "STS:assumerole", "sts:AssumeRole", true},
    {"Longer", "sts:AssumeRole", "sts:AssumeRoleWithSAML", false},
    {"Prefix", "sts:Assume*", "sts:AssumeRoleWithSAML", true},
    {"Inside", "s3:*Object", "s3:GetObject", true},
    {"InsideOther", "s3:*Object", "s3:GetObjectAcl", false},
    {"Question", "s3:?etObject", "s3:GetObject", true},
    {"OtherService", "s3:*", "sts:AssumeRole", false},
    {"SpaceAfterColon", "sts: AssumeRole", "sts:AssumeRole", false},
    {"SpaceAndStar", "sts: *", "sts:AssumeRole", false},
};

INSTANTIATE_TEST_SUITE_P(ActionPattern, ActionPatterns, testing::ValuesIn(kActions),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ActionPattern, KnowsItsService) {
  EXPECT_EQ(ActionPattern::compile("S3:Get*").services(), service_of("s3:putobject"));
  EXPECT_NE(service_of("s3:getobject"), service_of("ec2:runinstances"));
  EXPECT_EQ(ActionPattern::compile("*").services(), kAnyService);
  EXPECT_EQ(ActionPattern::compile("s?:GetObject").services(), kAnyService);
}

struct ResourceCase {
  std::string_view name, pattern, resource;
  bool expected;
};

class ResourcePatterns : public testing::TestWithParam<ResourceCase> {};

TEST_P(ResourcePatterns, Match) {
  const auto pattern = ResourcePattern::compile(GetParam().pattern, true);
  ASSERT_TRUE(pattern) << pattern.error().message;
  const auto arn = ArnView::of(GetParam().resource);
  ASSERT_TRUE(arn);
  EXPECT_EQ(pattern->matches(&*arn, {}), GetParam().expected)
      << GetParam().pattern << " on " << GetParam().resource;
}

constexpr ResourceCase kResources[] = {
    {"Star", "*", "arn:aws:s3:::b", true},
    {"Exact", "arn:aws:iam::123456789012:role/r", "arn:aws:iam::123456789012:role/r", true},
    {"WithCase", "arn:aws:iam::123456789012:role/R", "arn:aws:iam::123456789012:role/r", false},
    {"OtherAccount", "arn:aws:iam::123456789012:role/r", "arn:aws:iam::210987654321:role/r", false},
    {"AccountWildcard", "arn:aws:iam::*:role/r", "arn:aws:iam::210987654321:role/r", true},
    {"AccountQuestions", "arn:aws:iam::????????????:role/r", "arn:aws:iam::210987654321:role/r",
     true},
    {"OtherPartition", "arn:aws-cn:s3:::b", "arn:aws:s3:::b", false},
    {"PartitionWildcard", "arn:*:s3:::b", "arn:aws-cn:s3:::b", true},
    {"BelowBucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y:z", true},
    {"BelowBucketIsNotBucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b", false},
    {"BucketIsNotBelow", "arn:aws:s3:::b", "arn:aws:s3:::b/x", false},
    {"StarCrossesSlash", "arn:aws:s3:::b*", "arn:aws:s3:::bucket/x/y", true},
    {"StarDoesNotCrossColon", "arn:aws:s*:role/r", "arn:aws:sts::123456789012:role/r", false},
    {"StarStaysInItsSegment", "arn:aws:iam:*:role/r", "arn:aws:iam::123456789012:role/r", false},
    {"EmptyRegionIsNotAny", "arn:aws:sns::123456789012:t", "arn:aws:sns:us-east-1:123456789012:t",
     false},
    {"FurtherColons", "arn:aws:sns:us-east-1:123456789012:t:*",
     "arn:aws:sns:us-east-1:123456789012:t:sub", true},
    {"ShortArnService", "arn:aws:s3", "arn:aws:s3:::b/x", true},
    {"ShortArnOtherService", "arn:aws:s3", "arn:aws:iam::123456789012:role/r", false},
    {"ShortArnPartition", "arn:aws", "arn:aws:s3:::b", true},
    {"ShortArnLongerService", "arn:aws:s3", "arn:aws:s3-outposts:::b", false},
    {"WildcardsInSeveralSegments", "arn:aws:sns:*:123456789012:t*",
     "arn:aws:sns:eu-west-1:123456789012:topic", true},
    {"StarInside", "arn:aws:s3:::b/*/x", "arn:aws:s3:::b/a/b/x", true},
    {"ShortArnStar", "arn:aws:s3:*", "arn:aws:s3:::b", true},
};

INSTANTIATE_TEST_SUITE_P(ResourcePattern, ResourcePatterns, testing::ValuesIn(kResources),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ResourcePattern, OnlyStarMatchesNoResource) {
  EXPECT_TRUE(ResourcePattern::compile("*", true)->matches(nullptr, {}));
  EXPECT_FALSE(ResourcePattern::compile("arn:*:*:*:*:*", true)->matches(nullptr, {}));
}

TEST(ResourcePattern, RefusesWhatIsNoArn) {
  for (const std::string_view text : {"", "bucket", "b*", "urn:aws:s3:::b", "a:b"}) {
    EXPECT_FALSE(ResourcePattern::compile(text, true)) << text;
  }
}

TEST(ResourcePattern, VariablesStandInTheLastSegmentOnly) {
  ConditionKeys keys;
  keys.set("aws:username", std::string("ann"));
  keys.set("aws:PrincipalAccount", std::string("123456789012"));
  const auto home = ArnView::of("arn:aws:s3:::b/home/ann/x");
  EXPECT_TRUE(ResourcePattern::compile("arn:aws:s3:::b/home/${aws:username}/*", true)
                  ->matches(&*home, keys));
  EXPECT_FALSE(ResourcePattern::compile("arn:aws:s3:::b/home/${aws:username}/*", false)
                   ->matches(&*home, keys));
  EXPECT_FALSE(
      ResourcePattern::compile("arn:aws:s3:::b/home/${aws:username}/*", true)->matches(&*home, {}));
  const auto role = ArnView::of("arn:aws:iam::123456789012:role/r");
  EXPECT_FALSE(ResourcePattern::compile("arn:aws:iam::${aws:PrincipalAccount}:role/r", true)
                   ->matches(&*role, keys));
}

TEST(ResourcePattern, RefusesAnOpenVariable) {
  EXPECT_FALSE(ResourcePattern::compile("arn:aws:s3:::b/${aws:username", true));
  EXPECT_TRUE(ResourcePattern::compile("arn:aws:s3:::b/${aws:username", false));
}

TEST(ArnView, KeepsFurtherColons) {
  const auto arn = ArnView::of("arn:aws:sns:us-east-1:123456789012:t:sub:x");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->segments[5], "t:sub:x");
  EXPECT_FALSE(ArnView::of("arn:aws:sns:us-east-1:123456789012"));
}

}  // namespace
}  // namespace imdsd::iam
