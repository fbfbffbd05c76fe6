// SPDX-License-Identifier: MIT
#include "base/secret.h"

#include <cstring>
#include <new>
#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST(Secret, PrintsRedacted) {
  std::ostringstream out;
  out << Secret("hunter2");
  EXPECT_EQ(out.str(), "[redacted]");
}

TEST(Secret, MovesAndEmptiesItsSource) {
  Secret first("hunter2");
  Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), "hunter2");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): promised
  first = std::move(second);
  EXPECT_EQ(first.reveal(), "hunter2");
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move): promised
}

TEST(Secret, SelfMoveKeepsTheValue) {
  Secret secret("hunter2");
  Secret& alias = secret;
  secret = std::move(alias);
  EXPECT_EQ(secret.reveal(), "hunter2");
}

TEST(Secret, CloneIsASecondOwner) {
  Secret first("hunter2");
  const Secret second = first.clone();
  first = Secret("other");
  EXPECT_EQ(second.reveal(), "hunter2");
}

// A short text lies inside the object, where the bytes can be looked at after its destruction.
TEST(Secret, LeavesNoBytesBehind) {
  alignas(Secret) unsigned char place[sizeof(Secret)];
  const auto holds = [&place] {
    return std::string_view(reinterpret_cast<const char*>(place), sizeof place).find("hunter2") !=
           std::string_view::npos;
  };
  auto* const secret = new (place) Secret("hunter2");
  ASSERT_TRUE(holds());
  const Secret moved(std::move(*secret));
  EXPECT_FALSE(holds());
  *secret = moved.clone();
  ASSERT_TRUE(holds());
  *secret = Secret("x");
  EXPECT_FALSE(holds());
  *secret = moved.clone();
  secret->~Secret();
  EXPECT_FALSE(holds());
}

TEST(ConstantTimeEqual, ComparesContentAndLength) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("token", "token"));
  EXPECT_FALSE(constant_time_equal("token", "tokem"));
  EXPECT_FALSE(constant_time_equal("token", "xoken"));
  EXPECT_FALSE(constant_time_equal("token", "toke"));
  EXPECT_FALSE(constant_time_equal("", "t"));
  EXPECT_FALSE(constant_time_equal(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

}  // namespace
}  // namespace imdsd::base
