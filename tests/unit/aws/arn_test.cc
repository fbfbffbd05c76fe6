// SPDX-License-Identifier: MIT
#include "aws/arn.h"

#include <gtest/gtest.h>

namespace imdsd::aws {
namespace {

struct ArnCase {
  std::string_view name, text;
  Arn expected;
};

class ParsesArn : public testing::TestWithParam<ArnCase> {};

TEST_P(ParsesArn, IntoItsPartsAndBack) {
  const auto arn = Arn::parse(GetParam().text);
  ASSERT_TRUE(arn) << arn.error().message;
  EXPECT_EQ(*arn, GetParam().expected);
  EXPECT_EQ(arn->to_string(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Arn, ParsesArn,
    testing::Values(
        ArnCase{"Role",
                "arn:aws:iam::123456789012:role/service-role/app",
                {"aws", "iam", "", "123456789012", "role/service-role/app"}},
        ArnCase{
            "Root", "arn:aws:iam::123456789012:root", {"aws", "iam", "", "123456789012", "root"}},
        ArnCase{"ManagedPolicy",
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
                {"aws", "iam", "", "aws", "policy/ReadOnlyAccess"}},
        ArnCase{"CloudFrontIdentity",
                "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
                {"aws", "iam", "", "cloudfront", "user/CloudFront Origin Access Identity E1"}},
        ArnCase{"Bucket", "arn:aws:s3:::bucket/a:b/c", {"aws", "s3", "", "", "bucket/a:b/c"}},
        ArnCase{"OtherPartition",
                "arn:aws-us-gov:ec2:us-gov-west-1:000000000001:instance/i-1",
                {"aws-us-gov", "ec2", "us-gov-west-1", "000000000001", "instance/i-1"}},
        ArnCase{"Utf8Resource", "arn:aws:s3:::b/\xC3\xA9", {"aws", "s3", "", "", "b/\xC3\xA9"}},
        ArnCase{"ColonsInResource",
                "arn:aws:sns:us-east-1:123456789012:t:sub:x",
                {"aws", "sns", "us-east-1", "123456789012", "t:sub:x"}}),
    [](const auto& test) { return std::string(test.param.name); });

struct BadArnCase {
  std::string_view name, text;
};

class RefusesArn : public testing::TestWithParam<BadArnCase> {};

TEST_P(RefusesArn, ThatIsNone) {
  const auto arn = Arn::parse(GetParam().text);
  ASSERT_FALSE(arn) << arn->to_string();
  EXPECT_EQ(arn.error().code, base::Errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(
    Arn, RefusesArn,
    testing::Values(BadArnCase{"Empty", ""}, BadArnCase{"NoColons", "xxxxxxxxxxxxxxxxxxxx"},
                    BadArnCase{"OtherPrefix", "urn:aws:iam::123456789012:root"},
                    BadArnCase{"UpperCasePrefix", "ARN:aws:iam::123456789012:root"},
                    BadArnCase{"LeadingSpace", " arn:aws:iam::123456789012:root"},
                    BadArnCase{"FiveParts", "arn:aws:iam::123456789012"},
                    BadArnCase{"NoPartition", "arn::iam::123456789012:root"},
                    BadArnCase{"NoService", "arn:aws:::123456789012:root"},
                    BadArnCase{"NoResource", "arn:aws:iam::123456789012:"},
                    BadArnCase{"WildcardPartition", "arn:*:iam::123456789012:root"},
                    BadArnCase{"UpperCaseService", "arn:aws:IAM::123456789012:root"},
                    BadArnCase{"RegionWithSlash", "arn:aws:iam:us/east:123456789012:root"},
                    BadArnCase{"ElevenDigits", "arn:aws:iam::12345678901:root"},
                    BadArnCase{"ThirteenDigits", "arn:aws:iam::1234567890123:root"},
                    BadArnCase{"LetterInAccount", "arn:aws:iam::12345678901a:root"},
                    BadArnCase{"WildcardAccount", "arn:aws:iam::*:root"},
                    BadArnCase{"ControlCharacter", "arn:aws:iam::123456789012:role/a\nb"},
                    BadArnCase{"Delete", "arn:aws:iam::123456789012:role/a\x7F"},
                    BadArnCase{"Nul", std::string_view("arn:aws:iam::123456789012:a\0b", 29)},
                    BadArnCase{"NotUtf8", "arn:aws:s3:::b/\xC3"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Arn, HasAtMost2048Bytes) {
  const std::string start = "arn:aws:s3:::";
  EXPECT_TRUE(Arn::parse(start + std::string(2048 - start.size(), 'x')));
  const auto longer = Arn::parse(start + std::string(2049 - start.size(), 'x'));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, base::Errc::too_large);
}

TEST(Arn, IsRefusedWhenCutOffBeforeItsResource) {
  const std::string_view whole = "arn:aws:iam::123456789012:r";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(Arn::parse(whole.substr(0, length))) << length;
  }
  EXPECT_TRUE(Arn::parse(whole));
}

}  // namespace
}  // namespace imdsd::aws
