// SPDX-License-Identifier: MIT
#include "iam/literal_start.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

// Every length around the words that are compared first, and a difference at every place.
TEST(LiteralStart, AgreesWithTheStandardLibrary) {
  const std::string alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  for (std::size_t length = 0; length <= 20; ++length) {
    const std::string text = alphabet.substr(0, length);
    const LiteralStart start(text);
    EXPECT_EQ(start.text(), text);
    for (std::size_t other_length = 0; other_length <= 24; ++other_length) {
      const std::string other = alphabet.substr(0, other_length);
      EXPECT_EQ(start.starts(other), other.starts_with(text)) << text << " in " << other;
      for (std::size_t i = 0; i < other_length; ++i) {
        std::string changed = other;
        changed[i] = '\0';
        EXPECT_EQ(start.starts(changed), changed.starts_with(text)) << length << " at " << i;
      }
    }
  }
}

TEST(LiteralStart, EmptyStartsEverything) {
  EXPECT_TRUE(LiteralStart().starts(""));
  EXPECT_TRUE(LiteralStart().starts("x"));
}

}  // namespace
}  // namespace imdsd::iam
