// SPDX-License-Identifier: MIT
#include "aws/tag_text.h"

#include <string>

#include <gtest/gtest.h>

#include "aws/tag_character_ranges.h"

namespace imdsd::aws {
namespace {

struct Case {
  std::string name;
  std::string text;
  bool fits;
};

class TagText : public testing::TestWithParam<Case> {};

TEST_P(TagText, IsOfLettersSeparatorsNumbersAndAFewMarks) {
  EXPECT_EQ(is_tag_text(GetParam().text), GetParam().fits);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, TagText,
    testing::Values(
        Case{"Empty", "", true}, Case{"Ascii", "Cost Center_9.:/=+-@", true},
        Case{"Latin", "Größe Łódź ŒUVRE ǅ", true}, Case{"Greek", "Κέντρο κόστους", true},
        Case{"Cyrillic", "Відділ Ё", true}, Case{"Hebrew", "עלות", true},
        Case{"Arabic", "مركز ٣", true}, Case{"Thai", "กขค", true},
        Case{"Georgian", "ქართული", true}, Case{"Amharic", "አማርኛ", true},
        Case{"Han", "成本中心", true}, Case{"HanBeyondTheBasicPlane", "\U00020000\U0002A6D6", true},
        Case{"Kana", "コストセンター", true}, Case{"Hangul", "비용센터", true},
        Case{"ModifierLetters", "ʰ々", true}, Case{"Numbers", "²½Ⅷ１٣〇", true},
        Case{"Separators", "a\u00A0b\u2003c\u3000d\u2028e\u2029f", true},
        Case{"CombiningMark", "e\u0301", false}, Case{"DevanagariWithVowelSigns", "लागत", false},
        Case{"SpacingMark", "\u0903", false}, Case{"EnclosingMark", "\u20DD", false},
        Case{"Emoji", "🚀", false}, Case{"EmojiOfTheBasicPlane", "☃", false},
        Case{"VariationSelector", "a\uFE0F", false}, Case{"ZeroWidthJoiner", "a\u200Db", false},
        Case{"ByteOrderMark", "\uFEFFa", false}, Case{"PrivateUse", "\uE000", false},
        Case{"Unassigned", "\u0378", false}, Case{"Punctuation", "a,b", false},
        Case{"Ampersand", "R&D", false}, Case{"Hash", "#1", false}, Case{"Dash", "a–b", false},
        Case{"Quote", "\"a\"", false}, Case{"Currency", "€", false}, Case{"Tab", "a\tb", false},
        Case{"LineFeed", "a\n", false}, Case{"Null", std::string("a\0b", 3), false},
        Case{"Delete", "\x7F", false}, Case{"LoneByte", "a\xFF", false},
        Case{"CutCharacter", "a\xC3", false}, Case{"OverlongForm", "\xC1\x81", false},
        Case{"Surrogate", "\xED\xA0\x80", false}),
    [](const auto& tested) { return tested.param.name; });

TEST(TagCharacterRanges, AreInOrderAndApart) {
  std::uint32_t last = 0, characters = 0;
  for (const CharacterRange& range : kTagCharacterRanges) {
    EXPECT_GT(range.first, last + 1);
    EXPECT_LE(range.first, range.last);
    last = range.last;
    characters += range.last - range.first + 1;
  }
  EXPECT_EQ(characters, 133'566U) << "of Unicode 14: L has 131,756, Z has 19, N has 1,791";
}

}  // namespace
}  // namespace imdsd::aws
