// SPDX-License-Identifier: MIT
#include "base/password_hash.h"

#include <malloc.h>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/scripted_random.h"

namespace imdsd::base {
namespace {

constexpr PasswordCost kCheap{.memory_kib = 8, .passes = 1};

TEST(PasswordHash, KnowsItsPasswordAndNoOther) {
  fakes::ScriptedRandom random;
  const std::string hash = hash_password("correct horse", kCheap, random);
  EXPECT_TRUE(is_password("correct horse", hash));
  EXPECT_FALSE(is_password("correct horsf", hash));
  EXPECT_FALSE(is_password("", hash));
}

TEST(PasswordHash, SaysHowItWasMade) {
  fakes::ScriptedRandom random;
  EXPECT_TRUE(hash_password("a", kCheap, random).starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_TRUE(hash_password("a", {.memory_kib = 16, .passes = 2}, random)
                  .starts_with("$argon2id$v=19$m=16,t=2,p=1$"));
}

TEST(PasswordHash, OfOnePasswordDiffersByItsSalt) {
  fakes::ScriptedRandom random;
  random.script_bytes("somesaltsomesalt");
  const std::string hash = hash_password("a", kCheap, random);
  EXPECT_NE(hash.find("$c29tZXNhbHRzb21lc2FsdA$"), std::string::npos) << hash;
  EXPECT_NE(hash_password("a", kCheap, random), hash);
}

/// Under a sanitizer, whose allocator it is not, mallinfo tells nothing.
TEST(PasswordHash, LeavesNoMemoryWithTheThreadThatMadeIt) {
  constexpr PasswordCost kOnePass{.memory_kib = 19 * 1024, .passes = 1};
  const std::size_t before = ::mallinfo2().arena;
  std::thread([&] {
    fakes::ScriptedRandom random;
    const std::string hash = hash_password("a", kOnePass, random);
    EXPECT_TRUE(is_password("a", hash));
    EXPECT_TRUE(is_password("a", hash));
    EXPECT_LT(::mallinfo2().arena, before + (std::size_t{8} << 20));
  }).join();
}

TEST(PasswordHash, ThatIsNoneMatchesNothing) {
  EXPECT_FALSE(is_password("a", ""));
  EXPECT_FALSE(is_password("a", "$argon2id$v=19$m=8,t=1,p=1$"));
}

}  // namespace
}  // namespace imdsd::base
