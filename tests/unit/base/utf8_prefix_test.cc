// SPDX-License-Identifier: MIT
#include "base/utf8_prefix.h"

#include <iterator>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

TEST(Utf8Prefix, EndsBetweenCharacters) {
  const std::string_view text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
  constexpr std::size_t kSizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (std::size_t longest = 0; longest < std::size(kSizes); ++longest) {
    EXPECT_EQ(utf8_prefix(text, longest), text.substr(0, kSizes[longest])) << longest;
  }
}

TEST(Utf8Prefix, OfWhatIsNoUtf8EndsAnywhere) {
  const std::string_view text = "\xF0\x9F\x98(\x80\x80\x80\x80\xC3";
  for (std::size_t longest = 0; longest <= text.size(); ++longest) {
    EXPECT_EQ(utf8_prefix(text, longest), text.substr(0, longest)) << longest;
  }
}

}  // namespace
}  // namespace imdsd::base
