// SPDX-License-Identifier: MIT
#include "cli/aws_cli_version.h"

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

struct Case {
  std::string_view name, output;
  bool recognised, knows;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class AwsCli : public testing::TestWithParam<Case> {};

TEST_P(AwsCli, IsJudgedByItsVersion) {
  const auto version = parse_aws_cli_version(GetParam().output);
  ASSERT_EQ(version.has_value(), GetParam().recognised);
  if (version) {
    EXPECT_EQ(version->knows_endpoint_variable(), GetParam().knows);
  }
  EXPECT_EQ(aws_cli_warning(GetParam().output, "http://e").has_value(),
            GetParam().recognised && !GetParam().knows);
}

constexpr Case kCases[] = {
    {"OldV1", "aws-cli/1.28.99 Python/3.11.2 Linux/6.1 botocore/1.30.1\n", true, false},
    {"FirstV1", "aws-cli/1.29.0 Python/3.11.2 Linux/6.1 botocore/1.31.0\n", true, true},
    {"NewV1", "aws-cli/1.44.3 md/Botocore#1.42.3 ua/2.1\n", true, true},
    {"OldV2", "aws-cli/2.9.19 Python/3.11.2 Linux/6.1.0 source/x86_64.debian.12 prompt/off\n", true,
     false},
    {"LastOldV2", "aws-cli/2.12.7 Python/3.11", true, false},
    {"FirstV2", "aws-cli/2.13.0 Python/3.11", true, true},
    {"V3", "aws-cli/3.0.0", true, true},
    {"V0", "aws-cli/0.9.1", true, false},
    {"BehindWarnings", "/usr/lib/x.py: SyntaxWarning\naws-cli/2.33.1 Python/3.13", true, true},
    {"NotTheCli", "sh: aws: not found\n", false, false},
    {"NoPatch", "aws-cli/2.9", false, false},
    {"NoNumber", "aws-cli/x.y.z", false, false},
    {"TooLarge", "aws-cli/2.99999999999999999999.1", false, false},
    {"Empty", "", false, false},
};

INSTANTIATE_TEST_SUITE_P(Table, AwsCli, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(AwsCliWarning, PrintsTheOtherForm) {
  EXPECT_EQ(aws_cli_warning("aws-cli/2.9.19 Python/3.11.2", "http://127.0.0.1:1339"),
            "the aws on PATH is 2.9.19, which does not know AWS_ENDPOINT_URL (2.13.0 is the first "
            "that does); with it, write\n  aws --endpoint-url http://127.0.0.1:1339 sts "
            "get-caller-identity");
}

}  // namespace
}  // namespace imdsd::cli
