// SPDX-License-Identifier: MIT
#include "base/star_pattern.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

struct Case {
  std::string_view pattern, text;
  bool matches;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.pattern << " on " << c.text;
}

class Patterns : public testing::TestWithParam<Case> {};

TEST_P(Patterns, Match) {
  EXPECT_EQ(StarPattern(GetParam().pattern).matches(GetParam().text), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(StarPattern, Patterns,
                         testing::Values(Case{"", "", true}, Case{"", "a", false},
                                         Case{"*", "", true}, Case{"*", "a/b", true},
                                         Case{"**", "a", true}, Case{"a", "a", true},
                                         Case{"a", "ab", false}, Case{"a", "A", false},
                                         Case{"a*", "a", true}, Case{"a*", "ba", false},
                                         Case{"*a", "ba", true}, Case{"*a", "ab", false},
                                         Case{"a*a", "a", false}, Case{"a*a", "aa", true},
                                         Case{"a*b*c", "a-b-c", true}, Case{"a*b*c", "acb", false},
                                         Case{"*b*", "abc", true}, Case{"*ab*ab*", "ab", false},
                                         Case{"*ab*ab*", "abab", true}, Case{"a?c", "abc", false},
                                         Case{"a?c", "a?c", true}, Case{"*b*c", "abcbc", true}));

TEST(StarPattern, MatchesWholeTextsOfRepetitionsQuickly) {
  const std::string text(100'000, 'a');
  const std::string piece(500, 'a');
  EXPECT_FALSE(StarPattern("*" + piece + "b*" + piece + "b*").matches(text));
  EXPECT_TRUE(StarPattern("*" + piece + "*" + piece + "*").matches(text));
}

}  // namespace
}  // namespace imdsd::base
