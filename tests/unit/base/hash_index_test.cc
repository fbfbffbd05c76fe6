// SPDX-License-Identifier: MIT
#include "base/hash_index.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

/// Words by an index of them.
class Words {
 public:
  explicit Words(std::size_t expected, std::size_t (*hash)(const std::string&))
      : index_(expected), hash_(hash) {}

  void add(std::string word) {
    index_.add(hash_(word), words_.size());
    words_.push_back(std::move(word));
  }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& word) const {
    return index_.find(hash_(word), [&](std::size_t place) { return words_[place] == word; });
  }

 private:
  HashIndex index_;
  std::size_t (*hash_)(const std::string&);
  std::vector<std::string> words_;
};

std::size_t good(const std::string& word) {
  return std::hash<std::string>{}(word);
}
std::size_t always_the_same(const std::string&) {
  return 0xffff'ffff'ffff'ffffU;
}
std::size_t by_size(const std::string& word) {
  return word.size();
}

class HashIndexFinds
    : public testing::TestWithParam<std::tuple<std::size_t, std::size_t (*)(const std::string&)>> {
};

TEST_P(HashIndexFinds, WhatIsThereAndNothingElse) {
  constexpr std::size_t kWords = 300;
  const auto [expected, hash] = GetParam();
  Words words(expected, hash);
  EXPECT_FALSE(words.find("word-0"));
  for (std::size_t i = 0; i < kWords; ++i) {
    words.add("word-" + std::to_string(i));
    EXPECT_FALSE(words.find("word-" + std::to_string(i + 1)));
  }
  for (std::size_t i = 0; i < kWords; ++i) EXPECT_EQ(words.find("word-" + std::to_string(i)), i);
  EXPECT_FALSE(words.find(""));
}

INSTANTIATE_TEST_SUITE_P(SizesAndHashes, HashIndexFinds,
                         testing::Combine(testing::Values(0, 1, 300, 1000),
                                          testing::Values(good, always_the_same, by_size)));

TEST(HashIndex, TakesTheMemoryThatItSays) {
  for (const std::size_t items : {0, 1, 5, 100, 341, 342}) {
    std::vector<std::byte> buffer(HashIndex::bytes_for(items) + alignof(std::max_align_t));
    std::pmr::monotonic_buffer_resource memory(buffer.data(), buffer.size(),
                                               std::pmr::null_memory_resource());
    HashIndex index(items, &memory);
    for (std::size_t i = 0; i < items; ++i) index.add(i, i);
  }
}

}  // namespace
}  // namespace imdsd::base
