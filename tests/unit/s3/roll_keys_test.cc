// SPDX-License-Identifier: MIT
#include "s3/roll_keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

/// Counts what a walk costs.
struct Walk {
  [[nodiscard]] std::optional<std::string_view> key() const {
    return at == keys.size() ? std::nullopt : std::optional<std::string_view>(keys[at]);
  }
  base::Result<void> next() {
    ++steps;
    ++at;
    return {};
  }
  base::Result<void> seek(std::string_view from) {
    ++steps;
    at = static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), from) - keys.begin());
    return {};
  }
  std::vector<std::string> keys;
  std::size_t at = 0, steps = 0;
};

TEST(RollKeys, CostsWhatIsOnThePage) {
  Walk walk;
  for (int i = 0; i < 10'000; ++i) walk.keys.push_back("a/" + std::to_string(100'000 + i));
  walk.keys.emplace_back("b");
  walk.keys.emplace_back("c");
  std::vector<std::string> told;
  const auto next = roll_keys(
      walk, {{}, "/", {}, 2}, [&] { told.push_back(walk.keys[walk.at]); },
      [&](std::string_view prefix) { told.emplace_back(prefix); });
  EXPECT_EQ(told, (std::vector<std::string>{"a/", "b"}));
  EXPECT_EQ(*next, "c");
  EXPECT_EQ(walk.steps, 2U);
}

TEST(RollKeys, StopsBehindThePrefix) {
  Walk walk;
  walk.keys = {"a1", "a2", "b1", "b2"};
  int keys = 0;
  const auto next = roll_keys(
      walk, {"a", {}, {}, 10}, [&] { ++keys; }, [](std::string_view) {});
  EXPECT_EQ(*next, std::nullopt);
  EXPECT_EQ(keys, 2);
  EXPECT_EQ(walk.at, 2U);
}

TEST(RollKeys, KnowsTheTextBehindAPrefix) {
  EXPECT_EQ(behind_prefix("a/"), "a0");
  EXPECT_EQ(behind_prefix("a\xFF\xFF"), "b");
  EXPECT_EQ(behind_prefix("\x7F"), "\x80");
  EXPECT_EQ(behind_prefix("\xFF"), std::nullopt);
  EXPECT_EQ(behind_prefix(""), std::nullopt);
}

TEST(RollKeys, FindsTheCommonPrefixBehindThePrefix) {
  EXPECT_EQ(common_prefix("a/b/c", "", "/"), "a/");
  EXPECT_EQ(common_prefix("a/b/c", "a/", "/"), "a/b/");
  EXPECT_EQ(common_prefix("a/b/c", "a", "/"), "a/");
  EXPECT_EQ(common_prefix("a/b/c", "a/b/", "/"), std::nullopt);
  EXPECT_EQ(common_prefix("//", "", "/"), "/");
  EXPECT_EQ(common_prefix("//", "/", "/"), "//");
  EXPECT_EQ(common_prefix("abcabc", "a", "bc"), "abc");
  EXPECT_EQ(common_prefix("abc", "", ""), std::nullopt);
}

TEST(RollKeys, BeginsAPageAtTheGreatestOfItsBounds) {
  using std::string_literals::operator""s;
  EXPECT_EQ(first_key("", "", ""), "");
  EXPECT_EQ(first_key("p", "", ""), "p");
  EXPECT_EQ(first_key("p", "a", ""), "p");
  EXPECT_EQ(first_key("p", "p", ""), "p\0"s);
  EXPECT_EQ(first_key("p", "pq", ""), "pq\0"s);
  EXPECT_EQ(first_key("p", "pq", "pr"), "pr");
  EXPECT_EQ(first_key("p", "pr", "pq"), "pr\0"s);
}

}  // namespace
}  // namespace imdsd::s3
