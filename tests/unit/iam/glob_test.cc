// SPDX-License-Identifier: MIT
#include "iam/glob.h"

#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "iam/evaluate.h"

namespace imdsd::iam {
namespace {

struct Case {
  std::string_view name, pattern, text;
  bool expected;
};

class GlobWildcards : public testing::TestWithParam<Case> {};

TEST_P(GlobWildcards, Match) {
  const auto glob = Glob::compile(GetParam().pattern, {});
  ASSERT_TRUE(glob);
  EXPECT_EQ(glob->matches(GetParam().text), GetParam().expected)
      << GetParam().pattern << " on " << GetParam().text;
}

constexpr Case kWildcards[] = {
    {"EmptyOnEmpty", "", "", true},
    {"EmptyOnText", "", "a", false},
    {"Literal", "abc", "abc", true},
    {"LiteralShorter", "abc", "ab", false},
    {"LiteralLonger", "abc", "abcd", false},
    {"CaseCounts", "abc", "aBc", false},
    {"StarOnEmpty", "*", "", true},
    {"StarOnText", "*", "anything/at:all", true},
    {"TwoStars", "**", "x", true},
    {"StarAtEnd", "a*", "a", true},
    {"StarAtEndWithMore", "a*", "abc", true},
    {"StarAtEndWrongStart", "a*", "ba", false},
    {"StarAtStart", "*c", "abc", true},
    {"StarAtStartWrongEnd", "*c", "abcd", false},
    {"StarInside", "a*c", "abbbc", true},
    {"StarInsideOverlap", "ab*bc", "abc", false},
    {"StarGoesBack", "*ab", "aab", true},
    {"StarGoesBackTwice", "*aab*b", "aaabxb", true},
    {"LastPieceIsAnchored", "a*b", "abab", true},
    {"LastPieceFails", "a*b", "abac", false},
    {"Question", "a?c", "abc", true},
    {"QuestionNeedsOne", "a?c", "ac", false},
    {"QuestionsOnly", "??", "ab", true},
    {"QuestionsOnlyShort", "??", "a", false},
    {"QuestionAfterStar", "*?", "", false},
    {"QuestionAfterStarOne", "*?", "x", true},
    {"QuestionTakesWholeCharacter", "a?c",
     "a\xC3\xA9"
     "c",
     true},
    {"QuestionIsOneCharacter", "a??c",
     "a\xC3\xA9"
     "c",
     false},
    {"QuestionAtEndIsOneCharacter", "*a?", "xa\xC3\xA9", true},
    {"QuestionAtEndAfterStar", "a*?", "a\xC3\xA9", true},
    {"QuestionsAtEndNeedTwo", "a*??", "a\xC3\xA9", false},
    {"QuestionInTheMiddle", "*b?d*",
     "abb\xC3\xA9"
     "dx",
     true},
    {"QuestionOnStrayByte", "*?", "\xA9", true},
    {"QuestionAfterStarOnCharacters", "*?c",
     "\xC3\xA9"
     "c",
     true},
    {"DollarIsOrdinary", "${aws:username}", "${aws:username}", true},
};

INSTANTIATE_TEST_SUITE_P(Glob, GlobWildcards, testing::ValuesIn(kWildcards),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Glob, WithoutWildcardsStarsAreCharacters) {
  const auto glob = Glob::compile("a*?", {.wildcards = false});
  EXPECT_TRUE(glob->matches("a*?"));
  EXPECT_FALSE(glob->matches("abc"));
}

TEST(Glob, IgnoresCaseOnBothSides) {
  const auto glob = Glob::compile("S3:get*", {.ignore_case = true});
  EXPECT_TRUE(glob->matches("s3:GETObject"));
  EXPECT_FALSE(glob->matches("s3:PutObject"));
}

TEST(Glob, AnythingMatchesEverything) {
  EXPECT_TRUE(Glob::anything().matches(""));
  EXPECT_TRUE(Glob::anything().matches("x"));
}

// Each star once more would multiply the work of a matcher that tries all ways: it would not end.
TEST(Glob, ManyStarsCostNothing) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "*a";
  pattern += "*b";
  const auto glob = Glob::compile(pattern, {});
  const std::string text(100'000, 'a');
  EXPECT_FALSE(glob->matches(text));
  EXPECT_TRUE(glob->matches(text + "b"));
}

// The same where a request meets it: as action, resource and condition.
TEST(Glob, ManyStarsInAPolicyCostNothing) {
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "*a";
  const std::string text =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:)" + stars +
      R"(*","Resource":"arn:aws:s3:::)" + stars +
      R"(*","Condition":{"StringLike":{"aws:UserAgent":")" + stars + R"(*b"}}}})";
  auto parsed = parse_policy(text, PolicyKind::identity);
  ASSERT_TRUE(parsed) << parsed.error().message;
  Caller caller;
  caller.principal.type = PrincipalType::user;
  const std::string many(50'000, 'a');
  RequestContext request{&caller, "s3:" + many, aws::Arn{"aws", "s3", "", "", many}, "", {}};
  PolicySet policies;
  policies.identity = {std::make_shared<const NamedPolicy>(
      NamedPolicy{"p", "", std::make_shared<const PolicyDocument>(std::move(parsed->document))})};
  request.keys.set("aws:UserAgent", many);
  EXPECT_FALSE(evaluate(policies, request).allowed());
  request.keys.set("aws:UserAgent", many + "b");
  EXPECT_TRUE(evaluate(policies, request).allowed());
}

// A matcher that starts the piece again at each place would take 10^12 steps.
TEST(Glob, LongPieceOnRepetitiveTextTakesLinearTime) {
  const std::string half(1'000'000, 'a');
  const auto glob = Glob::compile("*" + half + "b*", {});
  EXPECT_FALSE(glob->matches(half + half));
  EXPECT_TRUE(glob->matches(half + half + "b" + half));
}

TEST(Glob, AgreesWithTryingAllWays) {
  // Every pattern and text of a small alphabet, against the definition.
  struct Slow {
    static bool match(std::string_view pattern, std::string_view text) {
      if (pattern.empty()) return text.empty();
      if (pattern[0] == '*') {
        return match(pattern.substr(1), text) || (!text.empty() && match(pattern, text.substr(1)));
      }
      return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
             match(pattern.substr(1), text.substr(1));
    }
  };
  const auto word = [](unsigned number, std::string_view alphabet) {
    std::string out;
    for (; number > 0; number /= static_cast<unsigned>(alphabet.size() + 1)) {
      const auto digit = number % (alphabet.size() + 1);
      if (digit > 0) out += alphabet[digit - 1];
    }
    return out;
  };
  for (unsigned p = 0; p < 5 * 5 * 5 * 5 * 5; ++p) {
    const std::string pattern = word(p, "ab*?");
    const auto glob = Glob::compile(pattern, {});
    for (unsigned t = 0; t < 3 * 3 * 3 * 3 * 3; ++t) {
      const std::string text = word(t, "ab");
      ASSERT_EQ(glob->matches(text), Slow::match(pattern, text)) << pattern << " on " << text;
    }
  }
}

struct VariableCase {
  std::string_view name, pattern, text;
  bool expected;
};

class GlobVariables : public testing::TestWithParam<VariableCase> {};

TEST_P(GlobVariables, Match) {
  ConditionKeys keys;
  keys.set("aws:username", std::string("ann"));
  keys.set("aws:PrincipalTag/team", std::string("*"));
  keys.set("aws:PrincipalTag/Cost Center", std::string("red"));
  keys.set("aws:TagKeys", std::vector<std::string>{"a", "b"});
  const auto glob = Glob::compile(GetParam().pattern, {.variables = true});
  ASSERT_TRUE(glob) << glob.error().message;
  EXPECT_EQ(glob->matches(GetParam().text, keys), GetParam().expected)
      << GetParam().pattern << " on " << GetParam().text;
}

constexpr VariableCase kVariables[] = {
    {"Whole", "${aws:username}", "ann", true},
    {"KeyWithoutCase", "${AWS:UserName}", "ann", true},
    {"Inside", "home/${aws:username}/*", "home/ann/x", true},
    {"InsideOther", "home/${aws:username}/*", "home/bob/x", false},
    {"Twice", "${aws:username}-${aws:username}", "ann-ann", true},
    {"AbsentMatchesNothing", "*${aws:userid}*", "anything", false},
    {"AbsentDoesNotMatchItself", "${aws:userid}", "${aws:userid}", false},
    {"DefaultWhenAbsent", "${aws:userid, 'nobody'}", "nobody", true},
    {"DefaultNotUsedWhenThere", "${aws:username, 'nobody'}", "nobody", false},
    {"EmptyDefault", "x${aws:userid,''}y", "xy", true},
    {"SeveralValuesAreNone", "${aws:TagKeys}", "a", false},
    {"InsertedStarIsLiteral", "${aws:PrincipalTag/team}", "blue", false},
    {"InsertedStarMatchesStar", "${aws:PrincipalTag/team}", "*", true},
    {"TagKeyWithSpace", "${aws:PrincipalTag/Cost Center}/*", "red/x", true},
    {"TagKeyWithSpaceAndDefault", "${aws:PrincipalTag/No Such, 'none'}", "none", true},
    {"BetweenStars", "*${aws:username}*", "to-ann-only", true},
    {"BetweenLiterals", "ab${aws:userid,''}cd*", "abcdx", true},
    {"EscapedStar", "a${*}", "a*", true},
    {"EscapedStarIsLiteral", "a${*}", "ab", false},
    {"EscapedQuestion", "a${?}", "a?", true},
    {"EscapedQuestionIsLiteral", "a${?}", "ab", false},
    {"EscapedDollar", "${$}{x}", "${x}", true},
    {"LoneDollar", "a$b", "a$b", true},
};

TEST(Glob, VariableMatchesAsItsValueInItsPlace) {
  ConditionKeys keys;
  keys.set("aws:username", std::string("ba"));
  constexpr std::string_view kAlphabet = "ab*v";
  for (unsigned number = 0; number < 4 * 4 * 4 * 4 * 4; ++number) {
    std::string pattern, plain;
    for (unsigned rest = number, i = 0; i < 5; ++i, rest /= 4) {
      const char letter = kAlphabet[rest % 4];
      pattern += letter == 'v' ? "${aws:username}" : std::string(1, letter);
      plain += letter == 'v' ? "ba" : std::string(1, letter);
    }
    const auto glob = Glob::compile(pattern, {.variables = true});
    const auto same = Glob::compile(plain, {});
    for (const std::string_view text :
         {"baaba", "ababab", "bababa", "babbaba", "aabba", "bbaabab"}) {
      ASSERT_EQ(glob->matches(text, keys), same->matches(text)) << pattern << " on " << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Glob, GlobVariables, testing::ValuesIn(kVariables),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Glob, RefusesVariablesThatCannotBeRead) {
  for (const std::string_view text :
       {"${", "a${aws:username", "${}", "${ }", "${aws:username, nobody}", "${aws:username,}",
        "${aws:user name}", "${aws:username, 'x}", "${a${b}}"}) {
    const auto glob = Glob::compile(text, {.variables = true});
    ASSERT_FALSE(glob) << text;
    EXPECT_EQ(glob.error().code, base::Errc::invalid_argument);
  }
}

// Longer than what is expanded without the heap.
TEST(Glob, TakesLongValues) {
  const std::string longer(2000, 'x');
  ConditionKeys keys;
  keys.set("aws:username", longer);
  const auto glob = Glob::compile("a/${aws:username}*${aws:username}/b", {.variables = true});
  EXPECT_TRUE(glob->matches("a/" + longer + longer + "/b", keys));
  EXPECT_FALSE(glob->matches("a/" + longer + "/b", keys));
}

TEST(Glob, VariablesIgnoreCaseWithTheRest) {
  ConditionKeys keys;
  keys.set("aws:username", std::string("Ann"));
  const auto glob =
      Glob::compile("Home/${aws:username}/*", {.variables = true, .ignore_case = true});
  EXPECT_TRUE(glob->matches("hOME/aNN/x", keys));
  EXPECT_FALSE(glob->matches("home/bob/x", keys));
}

TEST(Glob, WithVariablesNeedsKeys) {
  const auto glob = Glob::compile("${aws:username, 'x'}", {.variables = true});
  EXPECT_TRUE(glob->has_variables());
  EXPECT_FALSE(glob->matches("x"));
  EXPECT_TRUE(glob->matches("x", {}));
}

}  // namespace
}  // namespace imdsd::iam
