// SPDX-License-Identifier: MIT
#include "base/secret_key.h"

#include <algorithm>
#include <new>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

static_assert(!std::is_copy_constructible_v<SecretKey> && !std::is_copy_assignable_v<SecretKey>);
static_assert(!std::is_convertible_v<SecretKey, std::string_view>);
static_assert(!std::is_convertible_v<std::string_view, SecretKey>);

TEST(SecretKey, HoldsItsBytesAndLeavesNoneBehind) {
  const std::string bytes(
      "0123456789abcdef\0\xff"
      "0123456789abcd",
      SecretKey::kBytes);
  alignas(SecretKey) unsigned char place[sizeof(SecretKey)];
  auto* const key = new (place) SecretKey(bytes);
  EXPECT_EQ(key->reveal(), bytes);
  key->~SecretKey();
  EXPECT_TRUE(std::all_of(std::begin(place), std::end(place), [](auto c) { return c == 0; }));
}

}  // namespace
}  // namespace imdsd::base
