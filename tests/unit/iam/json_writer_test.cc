// SPDX-License-Identifier: MIT
#include "iam/json_writer.h"

#include <gtest/gtest.h>

#include "iam/json_document.h"

namespace imdsd::iam {
namespace {

std::string written(std::string_view text) {
  JsonWriter out;
  out.begin_list().value(text).end_list();
  return out.take();
}

TEST(JsonWriter, SeparatesWhatStandsInAListOrObject) {
  JsonWriter out;
  out.begin_object().member("a", 1).member("b", std::string("x")).name("c").begin_list();
  out.value(true).value("y").begin_object().end_object().end_list().end_object();
  EXPECT_EQ(out.take(), R"({"a":1,"b":"x","c":[true,"y",{}]})");
}

TEST(JsonWriter, EscapesAsRfc8259Says) {
  EXPECT_EQ(written("a\"b\\c/d"), R"(["a\"b\\c/d"])");
  EXPECT_EQ(written("\b\f\n\r\t"), R"(["\b\f\n\r\t"])");
  EXPECT_EQ(written(std::string_view("\0\x1F\x7F", 3)), "[\"\\u0000\\u001f\x7F\"]");
  EXPECT_EQ(written("é€😀"), "[\"é€😀\"]");
}

TEST(JsonWriter, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(written("a\xFFz"), "[\"a\xEF\xBF\xBDz\"]");
  EXPECT_EQ(written("\xE2\x82"), "[\"\xEF\xBF\xBD\xEF\xBF\xBD\"]");
}

TEST(JsonWriter, WritesWhatReadsBack) {
  for (int first = 0; first < 0x80; ++first) {
    for (int second = 0; second < 0x80; ++second) {
      const std::string text{'x', static_cast<char>(first), static_cast<char>(second)};
      const auto read = parse_json(written(text));
      ASSERT_TRUE(read) << first << " " << second;
      ASSERT_EQ(read->items.front().text, text);
    }
  }
}

}  // namespace
}  // namespace imdsd::iam
