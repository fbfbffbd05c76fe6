// SPDX-License-Identifier: MIT
#include "daemon/toml_string.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::daemon {
namespace {

struct Case {
  std::string_view name;
  std::string_view file;
  TextPosition string_at, inside, expected;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class TomlString : public testing::TestWithParam<Case> {};

TEST_P(TomlString, FindsThePlaceInTheFile) {
  const auto& c = GetParam();
  const auto found = position_in_toml_string(c.file, c.string_at, c.inside);
  EXPECT_EQ(found.line, c.expected.line);
  EXPECT_EQ(found.column, c.expected.column);
}

constexpr Case kCases[] = {
    {"Literal", "a = 'xyz'", {1, 5}, {1, 2}, {1, 7}},
    {"LiteralMultiLine", "a = '''\nfirst\n  second\n'''", {1, 5}, {2, 3}, {3, 3}},
    {"LiteralMultiLineSameLine", "a = '''first\nsecond'''", {1, 5}, {1, 3}, {1, 10}},
    {"WindowsLineEnds", "a = '''\r\nfirst\r\nsecond'''", {1, 5}, {2, 1}, {3, 1}},
    {"LaterLine", "x = 1\n\na = '''\nfirst'''", {3, 5}, {1, 3}, {4, 3}},
    {"BasicEscapedQuotes", R"(a = "{\"x\":1}")", {1, 5}, {1, 4}, {1, 10}},
    {"BasicEscapedLineEnd", R"(a = "{\n\"x\"")", {1, 5}, {2, 1}, {1, 9}},
    {"BasicUnicode", R"(a = "\u0041b")", {1, 5}, {1, 2}, {1, 12}},
    {"BasicLongUnicode", R"(a = "\U00000041b")", {1, 5}, {1, 2}, {1, 16}},
    {"LineEndingBackslash", "a = \"\"\"\none\\\n   two\"\"\"", {1, 5}, {1, 4}, {3, 4}},
    {"NoString", "a = 12", {1, 5}, {9, 9}, {1, 5}},
    {"BeyondTheFile", "a = 'x'", {9, 9}, {1, 1}, {9, 9}},
};

INSTANTIATE_TEST_SUITE_P(Table, TomlString, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(TomlStringWalk, EveryTruncationEnds) {
  const std::string file = "a = \"\"\"\nx\\u0041\\\n  y\\\"z\"\"\"";
  for (std::size_t size = 0; size <= file.size(); ++size) {
    (void)position_in_toml_string(std::string_view(file).substr(0, size), {1, 5}, {50, 50});
  }
}

}  // namespace
}  // namespace imdsd::daemon
