// SPDX-License-Identifier: MIT
#include "base/crc.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

constexpr std::string_view kCheck = "123456789";  // of which catalogues of CRCs give the value

template <class Crc>
auto crc_of(std::string_view data) {
  Crc crc;
  crc.update(data);
  return crc.value();
}

// 1 MiB that is no pattern of the CRC's own step of 8 bytes.
std::string noise(std::size_t bytes) {
  std::string out;
  std::uint32_t state = 1;
  while (out.size() < bytes) {
    state = state * 1664525 + 1013904223;
    out.push_back(static_cast<char>(state >> 24));
  }
  return out;
}

TEST(Crc32, HasTheValueOfTheCatalogue) {
  EXPECT_EQ(crc_of<Crc32>(kCheck), 0xCBF43926U);
  EXPECT_EQ(crc_of<Crc32>(""), 0U);
}

TEST(Crc32c, HasTheValueOfTheCatalogue) {
  EXPECT_EQ(crc_of<Crc32c>(kCheck), 0xE3069283U);
  EXPECT_EQ(crc_of<Crc32c>(""), 0U);
}

// RFC 3720 appendix B.4.
TEST(Crc32c, HasTheValuesOfTheRfc) {
  EXPECT_EQ(crc_of<Crc32c>(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc_of<Crc32c>(std::string(32, '\xFF')), 0x62A8AB43U);
}

TEST(Crc64Nvme, HasTheValueOfTheCatalogue) {
  EXPECT_EQ(crc_of<Crc64Nvme>(kCheck), 0xAE8B14860A799888U);
  EXPECT_EQ(crc_of<Crc64Nvme>(""), 0U);
}

template <class Crc>
class EachCrc : public testing::Test {};
using Crcs = testing::Types<Crc32, Crc32c, Crc64Nvme>;
TYPED_TEST_SUITE(EachCrc, Crcs);

TYPED_TEST(EachCrc, IsTheSameInPieces) {
  const std::string data = noise(1000);
  for (const std::size_t step : {1UL, 3UL, 8UL, 17UL, 999UL}) {
    TypeParam crc;
    for (std::size_t at = 0; at < data.size(); at += step) {
      crc.update(std::string_view(data).substr(at, step));
    }
    EXPECT_EQ(crc.value(), crc_of<TypeParam>(data)) << step;
  }
}

auto combine(Crc32, std::string_view a, std::string_view b) {
  return crc32_combine(crc_of<Crc32>(a), crc_of<Crc32>(b), b.size());
}
auto combine(Crc32c, std::string_view a, std::string_view b) {
  return crc32c_combine(crc_of<Crc32c>(a), crc_of<Crc32c>(b), b.size());
}
auto combine(Crc64Nvme, std::string_view a, std::string_view b) {
  return crc64nvme_combine(crc_of<Crc64Nvme>(a), crc_of<Crc64Nvme>(b), b.size());
}

TYPED_TEST(EachCrc, OfTwoPiecesIsThatOfBothTogether) {
  const std::string data = noise(1 << 20);
  const std::string_view all = data;
  for (const std::size_t at : {0UL, 1UL, 7UL, 4096UL, (1UL << 20) - 3, 1UL << 20}) {
    EXPECT_EQ(combine(TypeParam{}, all.substr(0, at), all.substr(at)), crc_of<TypeParam>(all))
        << at;
  }
}

// A run of zeros as long as the largest object shows that lengths beyond 32 bits count.
TEST(Crc64Nvme, CombinesBeyondFourGibibytes) {
  const auto zeros = crc_of<Crc64Nvme>(std::string(1 << 10, '\0'));
  std::uint64_t value = zeros;
  std::uint64_t bytes = 1 << 10;
  for (int doubling = 0; doubling < 30; ++doubling) {  // to 1 TiB
    value = crc64nvme_combine(value, value, bytes);
    bytes *= 2;
  }
  EXPECT_EQ(bytes, 1ULL << 40);
  EXPECT_EQ(crc64nvme_combine(crc64nvme_combine(value, zeros, 1 << 10), value, 1ULL << 40),
            crc64nvme_combine(value, crc64nvme_combine(zeros, value, 1ULL << 40),
                              (1ULL << 40) + (1 << 10)));
}

}  // namespace
}  // namespace imdsd::base
