// SPDX-License-Identifier: MIT
#include "base/persistent_map.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

using Map = PersistentMap<int>;

std::vector<std::pair<std::string, int>> entries(const Map& map, std::string_view from = {}) {
  std::vector<std::pair<std::string, int>> out;
  map.visit_from(from, [&](const std::string& key, int value) {
    out.emplace_back(key, value);
    return true;
  });
  return out;
}

TEST(PersistentMap, FindsWhatWasSet) {
  Map map;
  EXPECT_TRUE(map.empty());
  map.set("b", 2);
  map.set("a", 1);
  map.set("b", 3);
  ASSERT_NE(map.find("b"), nullptr);
  EXPECT_EQ(*map.find("b"), 3);
  EXPECT_EQ(map.find("c"), nullptr);
  EXPECT_EQ(map.size(), 2u);
}

TEST(PersistentMap, CopiesStayAsTheyWere) {
  Map map;
  for (int i = 0; i < 100; ++i) map.set(std::to_string(i), i);
  const Map before = map;
  map.set("7", 70);
  EXPECT_TRUE(map.erase("8"));
  EXPECT_EQ(*before.find("7"), 7);
  EXPECT_EQ(*before.find("8"), 8);
  EXPECT_EQ(map.find("8"), nullptr);
  EXPECT_EQ(before.size(), 100u);
  EXPECT_EQ(map.size(), 99u);
}

TEST(PersistentMap, AgreesWithAnOrderedMap) {
  std::mt19937_64 random(1);
  Map map;
  std::map<std::string, int> expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = std::to_string(random() % 700);
    if (random() % 3 == 0) {
      EXPECT_EQ(map.erase(key), expected.erase(key) == 1);
    } else {
      map.set(key, i);
      expected[key] = i;
    }
  }
  EXPECT_EQ(entries(map),
            (std::vector<std::pair<std::string, int>>(expected.begin(), expected.end())));
  for (const auto& [key, value] : expected) {
    EXPECT_EQ(map.rank(key),
              static_cast<std::size_t>(std::distance(expected.begin(), expected.lower_bound(key))));
  }
  const auto from = expected.lower_bound("35");
  EXPECT_EQ(entries(map, "35").front().first, from->first);
}

TEST(PersistentMap, VisitsAndCountsAPrefixAlone) {
  Map map;
  for (const char* key : {"a/1", "a/2", "a0", "b/1", "a", "a/"}) map.set(key, 0);
  std::vector<std::string> seen;
  map.visit_prefix("a/", [&](const std::string& key, int) {
    seen.push_back(key);
    return true;
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"a/", "a/1", "a/2"}));
  EXPECT_EQ(map.count_prefix("a/"), 3u);
  EXPECT_EQ(map.count_prefix(""), 6u);
  EXPECT_EQ(map.count_prefix("c"), 0u);
}

TEST(PersistentMap, StopsWhenTheVisitorHasEnough) {
  Map map;
  for (int i = 0; i < 10; ++i) map.set(std::to_string(i), i);
  int visited = 0;
  map.visit_from("3", [&](const std::string&, int) { return ++visited < 4; });
  EXPECT_EQ(visited, 4);
}

/// Sorted insertion is the worst case of a tree that does not balance: find() would be linear, and
/// the recursion as deep as the map is large.
TEST(PersistentMap, StaysBalancedUnderSortedChanges) {
  Map map;
  const auto key = [](int i) { return std::to_string(1'000'000 + i); };
  for (int i = 0; i < 50'000; ++i) map.set(key(i), i);
  for (int i = 0; i < 50'000; i += 2) map.erase(key(i));
  for (int i = 0; i < 20'000; ++i) map.erase(key(i));
  EXPECT_EQ(map.size(), 15'000u);
  EXPECT_LE(map.depth(), 32u);  // 2.41 * log2(15,000) + 1, the bound of these parameters
}

/// Of every small size, and changed afterwards: a tree out of balance would not balance itself.
TEST(PersistentMap, IsMadeOfSortedEntries) {
  for (int count = 0; count < 70; ++count) {
    std::vector<std::pair<std::string, int>> expected;
    for (int i = 0; i < count; ++i) expected.emplace_back(std::to_string(1000 + i), i);
    Map map = Map::from_sorted(expected);
    EXPECT_EQ(entries(map), expected);
    for (int i = 0; i < count; ++i) {
      ASSERT_NE(map.find(std::to_string(1000 + i)), nullptr);
      EXPECT_EQ(map.rank(std::to_string(1000 + i)), static_cast<std::size_t>(i));
    }
    for (int i = 0; i < 500; ++i) map.set(std::to_string(2000 + i), i);
    EXPECT_EQ(map.size(), static_cast<std::size_t>(count) + 500);
    EXPECT_LE(map.depth(), 22u);  // 2.41 * log2(569) + 1
  }
}

TEST(PersistentMap, IsMadeOfManySortedEntriesAsShallowAsCanBe) {
  std::vector<std::pair<std::string, int>> sorted;
  for (int i = 0; i < 65'535; ++i) sorted.emplace_back(std::to_string(100'000 + i), i);
  EXPECT_EQ(Map::from_sorted(std::move(sorted)).depth(), 16u);
}

}  // namespace
}  // namespace imdsd::base
