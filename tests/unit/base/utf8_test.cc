// SPDX-License-Identifier: MIT
#include "base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

struct Case {
  std::string_view name;
  std::string_view text;
  bool valid;
};

class Utf8 : public testing::TestWithParam<Case> {};

TEST_P(Utf8, IsJudged) {
  EXPECT_EQ(is_valid_utf8(GetParam().text), GetParam().valid);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3629, Utf8,
    testing::Values(
        Case{"empty", "", true}, Case{"ascii", "a\x7F", true},
        Case{"two", "\xC2\x80\xDF\xBF", true}, Case{"three", "\xE0\xA0\x80\xEF\xBF\xBF", true},
        Case{"before_surrogates", "\xED\x9F\xBF", true},
        Case{"after_surrogates", "\xEE\x80\x80", true},
        Case{"four", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
        Case{"lone_continuation", "\x80", false}, Case{"overlong_slash", "\xC0\xAF", false},
        Case{"overlong_two", "\xC1\xBF", false}, Case{"overlong_three", "\xE0\x9F\xBF", false},
        Case{"overlong_four", "\xF0\x8F\xBF\xBF", false},
        Case{"first_surrogate", "\xED\xA0\x80", false},
        Case{"last_surrogate", "\xED\xBF\xBF", false}, Case{"past_end", "\xF4\x90\x80\x80", false},
        Case{"f5", "\xF5\x80\x80\x80", false}, Case{"fe", "\xFE", false}, Case{"ff", "\xFF", false},
        Case{"bad_second", "\xC3(", false}, Case{"bad_third", "\xE2\x82(", false},
        Case{"bad_fourth", "\xF0\x9F\x98(", false},
        Case{"latin1_inside", "caf\xE9 au lait", false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Utf8, TruncatedAnywhereIsInvalid) {
  for (const std::string_view character : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(utf8_front_length(character), character.size());
    for (std::size_t length = 1; length < character.size(); ++length) {
      EXPECT_EQ(utf8_front_length(character.substr(0, length)), 0U);
    }
  }
  EXPECT_EQ(utf8_front_length(""), 0U);
}

}  // namespace
}  // namespace imdsd::base
