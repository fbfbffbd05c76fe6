// SPDX-License-Identifier: MIT
#include "base/inline_vector.h"

#include <memory>
#include <utility>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

using Ints = InlineVector<int, 2>;

std::vector<int> items(const Ints& from) {
  return {from.begin(), from.end()};
}

TEST(InlineVector, KeepsOrderOnBothSidesOfItsRoom) {
  Ints ints;
  EXPECT_TRUE(ints.empty());
  for (int i = 0; i < 5; ++i) {
    ints.push_back(i);
    EXPECT_EQ(ints.size(), static_cast<std::size_t>(i + 1));
    EXPECT_EQ(ints[static_cast<std::size_t>(i)], i);
  }
  EXPECT_EQ(items(ints), (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(items({7, 8}), (std::vector<int>{7, 8}));
  EXPECT_EQ(items({7, 8, 9}), (std::vector<int>{7, 8, 9}));
}

TEST(InlineVector, CopiesAndMovesWhatItHolds) {
  for (const Ints& ints : {Ints{}, Ints{1}, Ints{1, 2}, Ints{1, 2, 3}}) {
    Ints copy = ints;
    EXPECT_EQ(items(copy), items(ints));
    const Ints moved = std::move(copy);
    EXPECT_EQ(items(moved), items(ints));
  }
}

TEST(InlineVector, AddsAnItemOfItsOwn) {
  Ints ints{1, 2};
  ints.push_back(ints[0]);
  EXPECT_EQ(items(ints), (std::vector<int>{1, 2, 1}));
}

TEST(InlineVector, LetsGoOfWhatItHeld) {
  const auto item = std::make_shared<int>(1);
  {
    const InlineVector<std::shared_ptr<int>, 2> few{item, item};
    const InlineVector<std::shared_ptr<int>, 2> more{item, item, item};
    EXPECT_EQ(item.use_count(), 6);
  }
  EXPECT_EQ(item.use_count(), 1);
}

}  // namespace
}  // namespace imdsd::base
