// SPDX-License-Identifier: MIT
#include "sts/key_ring.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/aead.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::sts {
namespace {

constexpr base::SystemTime kNow = fakes::ManualClock::kStart;

TEST(KeyRing, GeneratesOneKeyOfTheRightSizes) {
  fakes::ScriptedRandom random;
  const KeyRing ring = KeyRing::generate(random, kNow + std::chrono::milliseconds(900));
  EXPECT_EQ(ring.newest().id.size(), 4U);
  EXPECT_EQ(ring.newest().key.reveal().size(), base::kAeadKeyBytes);
  EXPECT_EQ(ring.newest().created, kNow);
  EXPECT_EQ(ring.find(ring.newest().id), &ring.newest());
  EXPECT_EQ(ring.find("nope"), nullptr);
}

TEST(KeyRing, TwoRingsHaveDifferentKeys) {
  fakes::ScriptedRandom random;
  const KeyRing a = KeyRing::generate(random, kNow);
  const KeyRing b = KeyRing::generate(random, kNow);
  EXPECT_NE(a.newest().id, b.newest().id);
  EXPECT_NE(a.newest().key.reveal(), b.newest().key.reveal());
}

TEST(KeyRing, JsonIsReadBackWhole) {
  fakes::ScriptedRandom random;
  const KeyRing ring = KeyRing::generate(random, kNow);
  const base::Secret text = ring.to_json();
  const auto again = KeyRing::from_json(text.reveal());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->newest().id, ring.newest().id);
  EXPECT_EQ(again->newest().key.reveal(), ring.newest().key.reveal());
  EXPECT_EQ(again->newest().created, ring.newest().created);
  EXPECT_EQ(again->to_json().reveal(), text.reveal());
}

constexpr std::string_view kKeyA =
    R"({"id":"01020304","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","created":1})";
constexpr std::string_view kKeyB =
    R"({"id":"0a0b0c0d","key":"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","created":2})";

std::string ring_of(std::string_view keys) {
  return R"({"format":1,"keys":[)" + std::string(keys) + "]}";
}

TEST(KeyRing, TheLastKeyIsTheNewestAndOlderOnesAreFound) {
  const auto ring = KeyRing::from_json(ring_of(std::string(kKeyA) + "," + std::string(kKeyB)));
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->newest().id, "\x0a\x0b\x0c\x0d");
  ASSERT_NE(ring->find("\x01\x02\x03\x04"), nullptr);
  EXPECT_EQ(ring->find("\x01\x02\x03\x04")->created, base::SystemTime(std::chrono::seconds(1)));
}

TEST(KeyRing, RotatesOnceAMonthAndKeepsWhatSessionsNeed) {
  fakes::ScriptedRandom random{1};
  const base::SystemTime start = fakes::ManualClock::kStart;
  KeyRing ring = KeyRing::generate(random, start);
  const std::string first = ring.newest().id;
  EXPECT_FALSE(ring.rotate(random, start + KeyRing::kRotateAfter - std::chrono::seconds(1)));
  EXPECT_EQ(ring.newest().id, first);
  const base::SystemTime rotated = start + KeyRing::kRotateAfter;
  EXPECT_TRUE(ring.rotate(random, rotated));
  const std::string second = ring.newest().id;
  EXPECT_NE(second, first);
  EXPECT_FALSE(ring.rotate(random, rotated + KeyRing::kLongestSession));
  EXPECT_NE(ring.find(first), nullptr) << "the last session under it expires only now";
  EXPECT_TRUE(ring.rotate(random, rotated + KeyRing::kLongestSession + std::chrono::seconds(1)));
  EXPECT_EQ(ring.find(first), nullptr);
  EXPECT_EQ(ring.newest().id, second);
  EXPECT_FALSE(ring.rotate(random, start)) << "a clock that was set back changes nothing";
}

TEST(KeyRing, RotatesBeforeAKeyHasSealedTooMuch) {
  fakes::ScriptedRandom random{1};
  KeyRing ring = KeyRing::generate(random, kNow);
  const std::string first = ring.newest().id;
  const KeyRing in_use = ring;
  in_use.count_seals();
  EXPECT_EQ(ring.seals(), 1U) << "what a copy seals counts";
  ring.count_seals(KeyRing::kMaxSeals - 2);
  EXPECT_FALSE(ring.rotate(random, kNow));
  in_use.count_seals();
  EXPECT_TRUE(ring.rotate(random, kNow));
  EXPECT_NE(ring.newest().id, first);
  EXPECT_NE(ring.find(first), nullptr);
  EXPECT_EQ(ring.seals(), 0U);
  EXPECT_EQ(in_use.seals(), KeyRing::kMaxSeals);
  EXPECT_FALSE(ring.rotate(random, kNow));
}

TEST(KeyRing, RotatesAtTheAgeThatIsAskedFor) {
  fakes::ScriptedRandom random{1};
  KeyRing ring = KeyRing::generate(random, kNow);
  const auto later = kNow + KeyRing::kRotateAtStartAfter;
  EXPECT_FALSE(ring.rotate(random, later));
  EXPECT_FALSE(ring.rotate(random, later - std::chrono::seconds(1), KeyRing::kRotateAtStartAfter));
  EXPECT_TRUE(ring.rotate(random, later, KeyRing::kRotateAtStartAfter));
}

TEST(KeyRing, RefusesEveryTruncation) {
  fakes::ScriptedRandom random;
  const base::Secret text = KeyRing::generate(random, kNow).to_json();
  const auto end = text.reveal().find_last_of('}');
  for (std::size_t length = 0; length <= end; ++length) {
    const auto cut = KeyRing::from_json(text.reveal().substr(0, length));
    ASSERT_FALSE(cut) << length;
    EXPECT_EQ(cut.error().code, base::Errc::corrupt);
  }
}

struct Case {
  std::string_view name;
  std::string text;
};

class CorruptKeyRing : public testing::TestWithParam<Case> {};

TEST_P(CorruptKeyRing, IsRefused) {
  const auto ring = KeyRing::from_json(GetParam().text);
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error().code, base::Errc::corrupt);
  EXPECT_EQ(ring.error().message.find("AAAA"), std::string::npos) << "keys are secrets";
}

INSTANTIATE_TEST_SUITE_P(
    Texts, CorruptKeyRing,
    testing::Values(
        Case{"array", "[]"}, Case{"number", "1"}, Case{"no_keys", R"({"format":1,"keys":[]})"},
        Case{"later_format", R"({"format":2,"keys":[)" + std::string(kKeyA) + "]}"},
        Case{"unknown_member", R"({"format":1,"more":0,"keys":[)" + std::string(kKeyA) + "]}"},
        Case{"keys_not_a_list", R"({"format":1,"keys":{}})"},
        Case{"twice_the_same_id", ring_of(std::string(kKeyA) + "," + std::string(kKeyA))},
        Case{"key_not_an_object", ring_of("7")},
        Case{"short_id",
             ring_of(R"({"id":"0102","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
                     R"("created":1})")},
        Case{"id_not_hex",
             ring_of(R"({"id":"0102030z","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
                     R"("created":1})")},
        Case{"short_key", ring_of(R"({"id":"01020304","key":"AAAA","created":1})")},
        Case{"key_not_base64", ring_of(R"({"id":"01020304","key":"*","created":1})")},
        Case{"negative_time",
             ring_of(R"({"id":"01020304","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
                     R"("created":-1})")},
        Case{"time_out_of_range",
             ring_of(R"({"id":"01020304","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
                     R"("created":18446744073709551615})")},
        Case{"unknown_member_of_a_key",
             ring_of(R"({"id":"01020304","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
                     R"("created":1,"x":1})")}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace imdsd::sts
