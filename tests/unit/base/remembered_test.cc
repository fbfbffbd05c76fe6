// SPDX-License-Identifier: MIT
#include "base/remembered.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

TEST(Remembered, IsKeptUntilItChanges) {
  Remembered<int> known(10);
  EXPECT_EQ(known.find("a"), nullptr);
  const auto first = known.keep("a", std::make_shared<const int>(1), known.changes());
  EXPECT_EQ(known.find("a"), first);
  EXPECT_EQ(known.keep("a", std::make_shared<const int>(1), known.changes()), first)
      << "both readers have the same";
  known.changed("a");
  EXPECT_EQ(known.find("a"), nullptr);
}

TEST(Remembered, WhatMayBeOlderThanAChangeIsNotKept) {
  Remembered<int> known(10);
  const auto before = known.changes();
  known.changed("b");
  EXPECT_EQ(*known.keep("a", std::make_shared<const int>(1), before), 1);
  EXPECT_EQ(known.find("a"), nullptr);
}

TEST(Remembered, BeyondItsWeightAllIsForgotten) {
  Remembered<int> known(10);
  const auto keep = [&](const char* name, std::size_t weight) {
    known.keep(name, std::make_shared<const int>(1), known.changes(), weight);
    return known.find(name) != nullptr;
  };
  EXPECT_TRUE(keep("a", 4));
  EXPECT_TRUE(keep("b", 6));
  EXPECT_FALSE(keep("c", 11)) << "it would never fit";
  EXPECT_NE(known.find("a"), nullptr);
  EXPECT_TRUE(keep("d", 1));
  EXPECT_EQ(known.find("a"), nullptr);
  EXPECT_TRUE(keep("e", 9));
}

}  // namespace
}  // namespace imdsd::base
