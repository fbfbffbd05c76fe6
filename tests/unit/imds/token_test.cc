// SPDX-License-Identifier: MIT
#include "imds/token.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::imds {
namespace {

using base::Errc;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::SteadyTime kNow{hours(5)};
constexpr std::string_view kInstance = "i-0a1b2c3d4e5f60718";

std::string issued(const TokenAuthority& authority, seconds ttl = seconds(60)) {
  return std::string(authority.issue(ttl, kNow).value().reveal());
}

Errc refusal_of(const TokenAuthority& authority, std::string_view token) {
  const auto left = authority.remaining(token, kNow);
  EXPECT_FALSE(left) << token;
  return left ? Errc::internal : left.error().code;
}

TEST(TokenAuthority, MakesTokensInTheShapeOfEc2) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  for (int i = 0; i < 200; ++i) {
    const std::string token = issued(authority);
    EXPECT_EQ(token.size(), 56u);
    EXPECT_TRUE(token.starts_with("AQAEA")) << token;
    EXPECT_TRUE(token.ends_with("==")) << token;
    EXPECT_EQ(
        token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        54u)
        << token;
    EXPECT_EQ(base::base64url_decode(token).value().size(), 40u);
  }
}

TEST(TokenAuthority, NeverRepeatsAToken) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(issued(authority));
  EXPECT_EQ(tokens.size(), 1000u);
}

struct TtlCase {
  std::string_view name;
  long ttl;
  bool accepted;
};

class TokenTtl : public testing::TestWithParam<TtlCase> {};

TEST_P(TokenTtl, IsBounded) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const auto token = authority.issue(seconds(GetParam().ttl), kNow);
  ASSERT_EQ(token.has_value(), GetParam().accepted);
  if (!token) {
    EXPECT_EQ(token.error().code, Errc::invalid_argument);
    return;
  }
  EXPECT_EQ(authority.remaining(token->reveal(), kNow).value(), seconds(GetParam().ttl));
}

INSTANTIATE_TEST_SUITE_P(Edges, TokenTtl,
                         testing::Values(TtlCase{"negative", -1, false}, TtlCase{"zero", 0, false},
                                         TtlCase{"one", 1, true}, TtlCase{"middle", 300, true},
                                         TtlCase{"most", 21600, true},
                                         TtlCase{"one_more", 21601, false},
                                         TtlCase{"huge", 9'000'000'000, false}),
                         [](const auto& i) { return std::string(i.param.name); });

TEST(TokenAuthority, TellsWhatIsLeftRoundedDown) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const std::string token = issued(authority, seconds(10));
  const auto left_after = [&](auto elapsed) {
    return authority.remaining(token, kNow + elapsed).value();
  };
  EXPECT_EQ(left_after(microseconds(0)), seconds(10));
  EXPECT_EQ(left_after(microseconds(1)), seconds(9));
  EXPECT_EQ(left_after(seconds(1)), seconds(9));
  EXPECT_EQ(left_after(milliseconds(8999)), seconds(1));
  EXPECT_EQ(left_after(milliseconds(9001)), seconds(0));
}

TEST(TokenAuthority, RejectsTokenAfterTtl) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const std::string token = issued(authority, seconds(10));
  EXPECT_TRUE(authority.remaining(token, kNow + seconds(10) - microseconds(1)));
  for (const auto late : {microseconds(0), microseconds(1), microseconds(hours(100))}) {
    const auto left = authority.remaining(token, kNow + seconds(10) + late);
    ASSERT_FALSE(left);
    EXPECT_EQ(left.error().code, Errc::expired);
  }
}

TEST(TokenAuthority, RejectsTokensOfAnotherInstance) {
  // The same random numbers, hence the same process key: only the instance id differs.
  fakes::ScriptedRandom random_a(7), random_b(7), random_c(7);
  const TokenAuthority a("i-0a1b2c3d4e5f60718", random_a);
  const TokenAuthority b("i-0a1b2c3d4e5f60719", random_b);
  const TokenAuthority same("i-0a1b2c3d4e5f60718", random_c);
  const std::string token = issued(a);
  EXPECT_EQ(refusal_of(b, token), Errc::invalid_argument);
  EXPECT_TRUE(same.remaining(token, kNow));
}

TEST(TokenAuthority, RejectsTokensOfAnEarlierProcess) {
  fakes::ScriptedRandom before(1), after(2);
  const TokenAuthority old_one(kInstance, before);
  const TokenAuthority new_one(kInstance, after);
  EXPECT_EQ(refusal_of(new_one, issued(old_one)), Errc::invalid_argument);
}

TEST(TokenAuthority, RejectsEachByteForged) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const std::string bytes = base::base64url_decode(issued(authority)).value();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string forged = bytes;
      forged[i] = static_cast<char>(forged[i] ^ (1 << bit));
      EXPECT_EQ(refusal_of(authority, base::base64url_encode(forged)), Errc::invalid_argument)
          << "byte " << i << " bit " << bit;
    }
  }
}

TEST(TokenAuthority, RejectsEachCharacterReplaced) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const std::string token = issued(authority);
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (int c = 0; c < 256; ++c) {
      std::string forged = token;
      forged[i] = static_cast<char>(c);
      if (forged != token) {
        EXPECT_EQ(refusal_of(authority, forged), Errc::invalid_argument) << i << " " << c;
      }
    }
  }
}

TEST(TokenAuthority, RejectsEveryTruncationAndExtension) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const std::string token = issued(authority);
  for (std::size_t n = 0; n < token.size(); ++n) {
    EXPECT_EQ(refusal_of(authority, token.substr(0, n)), Errc::invalid_argument) << n;
    EXPECT_EQ(refusal_of(authority, token.substr(token.size() - n)), Errc::invalid_argument) << n;
  }
  const std::string bytes = base::base64url_decode(token).value();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_EQ(refusal_of(authority, base::base64url_encode(bytes.substr(0, n))),
              Errc::invalid_argument)
        << n;
  }
  for (const std::string& longer : {token + "=", token + "A", " " + token, token + "\n"}) {
    EXPECT_EQ(refusal_of(authority, longer), Errc::invalid_argument) << longer;
  }
}

TEST(TokenAuthority, RejectsAMovedEnd) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  const std::string short_lived = base::base64url_decode(issued(authority, seconds(1))).value();
  const std::string long_lived = base::base64url_decode(issued(authority, seconds(600))).value();
  // The end of one with the MAC of the other.
  const std::string mixed = long_lived.substr(0, 12) + short_lived.substr(12);
  EXPECT_EQ(refusal_of(authority, base::base64url_encode(mixed)), Errc::invalid_argument);
}

TEST(TokenAuthority, ServesThreadsAtOnce) {
  fakes::ScriptedRandom random;
  const TokenAuthority authority(kInstance, random);
  std::vector<int> good(4);
  {
    std::vector<std::jthread> threads;
    for (int& count : good) {
      threads.emplace_back([&authority, &count] {
        for (int i = 0; i < 200; ++i) count += authority.remaining(issued(authority), kNow) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(good, std::vector<int>(4, 200));
}

}  // namespace
}  // namespace imdsd::imds
