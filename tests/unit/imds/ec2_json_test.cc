// SPDX-License-Identifier: MIT
#include "imds/ec2_json.h"

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

using namespace std::string_view_literals;

TEST(Ec2Json, HasTheLayoutOfEc2) {
  EXPECT_EQ(Ec2Json().text("Code", "Success").null("kernelId").text("Type", "").take(),
            "{\n"
            "  \"Code\" : \"Success\",\n"
            "  \"kernelId\" : null,\n"
            "  \"Type\" : \"\"\n"
            "}");
}

struct Case {
  std::string_view name, value, printed;
};

class Ec2JsonText : public testing::TestWithParam<Case> {};

TEST_P(Ec2JsonText, IsEscaped) {
  EXPECT_EQ(Ec2Json().text("k", GetParam().value).take(),
            "{\n  \"k\" : \"" + std::string(GetParam().printed) + "\"\n}");
}

INSTANTIATE_TEST_SUITE_P(
    Table, Ec2JsonText,
    testing::Values(Case{"plain", "a/b+c=", "a/b+c="}, Case{"quote", "a\"b", "a\\\"b"},
                    Case{"backslash", "a\\n", "a\\\\n"}, Case{"newline", "a\nb", "a\\u000ab"},
                    Case{"nul", "a\0b"sv, "a\\u0000b"}, Case{"escape", "\x1f", "\\u001f"},
                    Case{"delete_stays", "\x7f", "\x7f"},
                    Case{"utf8", "\xc3\xa9\xe2\x82\xac", "\xc3\xa9\xe2\x82\xac"},
                    Case{"not_utf8", "a\xff\xfe", "a\\ufffd\\ufffd"}),
    [](const auto& i) { return std::string(i.param.name); });

TEST(Ec2Json, EscapesKeys) {
  EXPECT_EQ(Ec2Json().null("a\"b").take(), "{\n  \"a\\\"b\" : null\n}");
}

}  // namespace
}  // namespace imdsd::imds
