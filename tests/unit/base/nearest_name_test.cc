// SPDX-License-Identifier: MIT
#include "base/nearest_name.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

TEST(EditDistance, CountsTypingErrors) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("listen", "listen"), 0U);
  EXPECT_EQ(edit_distance("lisen", "listen"), 1U);
  EXPECT_EQ(edit_distance("listten", "listen"), 1U);
  EXPECT_EQ(edit_distance("lisden", "listen"), 1U);
  EXPECT_EQ(edit_distance("litsen", "listen"), 1U) << "a transposition is one error";
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(NearestName, TakesTheNearestOnly) {
  constexpr std::string_view kNames[] = {"listen", "http_tokens", "http_endpoint", "hop_limit"};
  EXPECT_EQ(nearest_name("http_token", kNames), "http_tokens");
  EXPECT_EQ(nearest_name("hoplimit", kNames), "hop_limit");
  EXPECT_EQ(nearest_name("tomato", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'h'), kNames), "");
}

}  // namespace
}  // namespace imdsd::base
