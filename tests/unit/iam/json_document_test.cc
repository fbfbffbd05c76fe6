// SPDX-License-Identifier: MIT
#include "iam/json_document.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

TEST(JsonDocument, KeepsValuesOrderAndPositions) {
  const auto root = parse_json(
      "{ \"a\" : [1, -2.50e1 ,true],\n  \"b\\\"\": \"x\\\\\",\n\t\"c\":null, "
      "\"d\":\n{\"e\":false}}");
  ASSERT_TRUE(root) << root.error().message;
  ASSERT_EQ(root->members.size(), 4U);
  const JsonNode& a = root->members[0].second;
  ASSERT_EQ(a.items.size(), 3U);
  EXPECT_EQ(a.position.line, 1U);
  EXPECT_EQ(a.position.column, 9U);
  EXPECT_EQ(a.items[0].text, "1");
  EXPECT_EQ(a.items[0].position.column, 10U);
  EXPECT_EQ(a.items[1].text, "-2.50e1");
  EXPECT_EQ(a.items[1].position.column, 13U);
  EXPECT_EQ(a.items[2].text, "true");
  EXPECT_EQ(a.items[2].position.column, 22U);
  EXPECT_EQ(root->members[1].first, "b\"");
  const JsonNode& b = root->members[1].second;
  EXPECT_EQ(b.text, "x\\");
  EXPECT_EQ(b.position.line, 2U);
  EXPECT_EQ(b.position.column, 10U);
  const JsonNode* c = root->find("c");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->kind, JsonNode::Kind::null);
  EXPECT_EQ(c->position.line, 3U);
  EXPECT_EQ(c->position.column, 6U);
  EXPECT_EQ(root->find("d")->position.line, 4U);
  EXPECT_EQ(root->find("d")->position.column, 1U);
  EXPECT_EQ(root->find("d")->find("e")->text, "false");
  EXPECT_EQ(root->find("x"), nullptr);
}

struct BadCase {
  std::string name, text;
  unsigned line, column;
};

class BadJson : public testing::TestWithParam<BadCase> {};

TEST_P(BadJson, IsRefusedWithPosition) {
  const auto root = parse_json(GetParam().text);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().position.line, GetParam().line) << root.error().message;
  EXPECT_EQ(root.error().position.column, GetParam().column) << root.error().message;
}

const BadCase kBad[] = {
    {"Empty", "", 1, 1},
    {"TrailingComma", "{\"a\":[1,\n2,\n]}", 3, 1},
    {"TrailingCommaInObject", "{\"a\":1,}", 1, 8},
    {"Unclosed", "{\"a\":1", 1, 7},
    {"SecondValue", "{} {}", 1, 4},
    {"Duplicate", "{\"a\":1,\n \"a\":2}", 2, 2},
    {"DuplicateEscaped", "{\"a\":1,\"\\u0061\":2}", 1, 8},
    {"ByteOrderMark", "\xEF\xBB\xBF{}", 1, 1},
    {"Nul", std::string("{}\0x", 4), 1, 3},
    {"NulInside", std::string("{\"a\":\"\0\"}", 9), 1, 7},
    {"SingleQuotes", "{'a':1}", 1, 2},
    {"Comment", "{}//", 1, 3},
    {"HugeNumber", "[1e999]", 1, 6},
};
INSTANTIATE_TEST_SUITE_P(JsonDocument, BadJson, testing::ValuesIn(kBad),
                         [](const auto& test) { return test.param.name; });

TEST(JsonDocument, RefusesInvalidUtf8) {
  EXPECT_FALSE(parse_json("\"\xFF\""));
  EXPECT_FALSE(parse_json("\"\xED\xA0\x80\""));
  EXPECT_TRUE(parse_json("\"\xC3\xA9\""));
}

TEST(JsonDocument, BoundsDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(kMaxJsonDepth)));
  const auto deeper = parse_json(nested(kMaxJsonDepth + 1));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().message, "nested deeper than 32 levels");
  EXPECT_EQ(deeper.error().position.column, kMaxJsonDepth + 1);
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
}

TEST(JsonDocument, SurvivesTruncationAtEachLength) {
  const std::string whole =
      "{\"a\":[1,2.5,{\"b\":\"\\u00e9\\\\\\\"\"}],\"c\":true,\"d\":null,\"e\":-1e5}";
  ASSERT_TRUE(parse_json(whole));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto cut = parse_json(std::string_view(whole).substr(0, i));
    ASSERT_FALSE(cut) << i;
    EXPECT_EQ(cut.error().position.line, 1U);
    EXPECT_GE(cut.error().position.column, 1U);
    EXPECT_LE(cut.error().position.column, i + 1);
  }
}

TEST(JsonDocument, NumbersStandWhereTheyAreWritten) {
  const auto root = parse_json("[10,20\n,30]");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->items[1].text, "20");
  EXPECT_EQ(root->items[1].position.column, 5U);
  EXPECT_EQ(root->items[2].position.line, 2U);
  EXPECT_EQ(root->items[2].position.column, 2U);
  EXPECT_EQ(parse_json("7")->text, "7");
}

}  // namespace
}  // namespace imdsd::iam
