// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::base {
namespace {

TEST(RealRandom, FillsAllOfIt) {
  RealRandom random;
  std::array<std::byte, 64> first{}, second{};
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  EXPECT_TRUE(std::any_of(first.end() - 16, first.end(), [](auto b) { return b != std::byte{}; }));
  random.fill({});
}

TEST(Random, Uniform01StaysBelowOne) {
  fakes::ScriptedRandom random;
  random.script_u64(UINT64_MAX);
  random.script_u64(0);
  EXPECT_LT(random.uniform01(), 1.0);
  EXPECT_EQ(random.uniform01(), 0.0);
  double sum = 0;
  for (int i = 0; i < 1000; ++i) sum += random.uniform01();
  EXPECT_NEAR(sum / 1000, 0.5, 0.05);
}

TEST(ScriptedRandom, GivesTheScriptThenTheSeededSequence) {
  fakes::ScriptedRandom random(7), same(7), other(8);
  random.script_uniform01(0.25);
  random.script_u64(42);
  EXPECT_EQ(random.uniform01(), 0.25);
  EXPECT_EQ(random.next_u64(), 42U);
  const std::uint64_t first = random.next_u64();
  EXPECT_EQ(same.next_u64(), first);
  EXPECT_NE(other.next_u64(), first);
  random.script_bytes("abcdefgh");
  std::array<char, 8> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  EXPECT_EQ(std::string_view(bytes.data(), bytes.size()), "abcdefgh");
}

}  // namespace
}  // namespace imdsd::base
