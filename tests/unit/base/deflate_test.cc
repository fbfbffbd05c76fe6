// SPDX-License-Identifier: MIT
#include "base/deflate.h"

#include <gtest/gtest.h>

#include "tests/fakes/scripted_random.h"

namespace imdsd::base {
namespace {

std::string noise(std::size_t size) {
  fakes::ScriptedRandom random;
  std::string bytes(size, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

TEST(Deflate, RoundTrips) {
  for (const std::size_t size : {0U, 1U, 100U, 1023U, 1024U, 1025U, 100'000U}) {
    for (const std::string& text : {std::string(size, 'a'), noise(size)}) {
      EXPECT_EQ(inflate(deflate(text), size).value(), text) << size;
    }
  }
}

TEST(DeflateStored, RoundTrips) {
  for (const std::size_t size : {0U, 1U, 255U, 256U, 65'535U}) {
    const std::string text = noise(size);
    const std::string stored = deflate_stored(text);
    EXPECT_EQ(stored.size(), size + 5);
    EXPECT_EQ(inflate(stored, size).value(), text) << size;
  }
}

TEST(Deflate, MakesRepetitiveTextSmall) {
  EXPECT_LT(deflate(std::string(100'000, 'a')).size(), 200U);
}

TEST(Deflate, LooksBackOverAllOfTheData) {
  for (const std::size_t half : {100U, 240U, 400U, 1000U, 2000U, 4000U, 8000U, 15'000U, 16'000U}) {
    const std::string once = noise(half);
    const std::string packed = deflate(once + once);
    EXPECT_EQ(inflate(packed, 2 * half).value(), once + once);
    EXPECT_LT(packed.size(), half + half / 10 + 30) << "the second " << half << " repeat the first";
  }
}

// RFC 1951 section 3.2.4: a stored block, written by hand.
TEST(Inflate, ReadsAStoredBlock) {
  EXPECT_EQ(inflate(std::string("\x01\x03\x00\xFC\xFF"
                                "abc",
                                8),
                    3)
                .value(),
            "abc");
}

TEST(Inflate, EveryTruncationIsCorrupt) {
  const std::string data = deflate("some text, some more text, some more text " + noise(40));
  for (std::size_t length = 0; length < data.size(); ++length) {
    const auto text = inflate(data.substr(0, length), 1000);
    ASSERT_FALSE(text.has_value()) << length;
    EXPECT_EQ(text.error().code, Errc::corrupt);
  }
}

TEST(Inflate, TrailingDataIsCorrupt) {
  EXPECT_EQ(inflate(deflate("text") + "x", 1000).error().code, Errc::corrupt);
  EXPECT_EQ(inflate(deflate("text") + deflate("text"), 1000).error().code, Errc::corrupt);
}

TEST(Inflate, GarbageIsCorrupt) {
  EXPECT_EQ(inflate("\xFF\xFF\xFF\xFF", 1000).error().code, Errc::corrupt);
  EXPECT_EQ(inflate(std::string("\x01\x03\x00\x00\x00"
                                "abc",
                                8),
                    1000)
                .error()
                .code,
            Errc::corrupt);
}

TEST(Inflate, LimitIsExact) {
  for (const std::size_t size : {1U, 1023U, 1024U, 1025U, 5000U}) {
    const std::string data = deflate(std::string(size, 'a'));
    EXPECT_TRUE(inflate(data, size).has_value()) << size;
    EXPECT_EQ(inflate(data, size - 1).error().code, Errc::too_large) << size;
  }
  EXPECT_EQ(inflate(deflate(""), 0).value(), "");
}

TEST(Inflate, BombStopsAtTheLimit) {
  const std::string bomb = deflate(std::string(50'000'000, '\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(inflate(bomb, 4096).error().code, Errc::too_large);
}

}  // namespace
}  // namespace imdsd::base
