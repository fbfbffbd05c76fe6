// SPDX-License-Identifier: MIT
#include "base/qr_code.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

/// Is there a finder pattern (7 × 7: dark rim, light ring, dark 3 × 3) with this corner?
bool is_finder(const QrCode& code, std::size_t row, std::size_t column) {
  for (std::size_t r = 0; r < 7; ++r) {
    for (std::size_t c = 0; c < 7; ++c) {
      const bool rim = r == 0 || r == 6 || c == 0 || c == 6;
      const bool core = r >= 2 && r <= 4 && c >= 2 && c <= 4;
      if (code.modules[(row + r) * code.width + column + c] != (rim || core)) return false;
    }
  }
  return true;
}

TEST(QrCode, HasItsThreeFinders) {
  const auto code = make_qr_code("otpauth://totp/dev@123456789012?secret=ABCDEFGH");
  ASSERT_TRUE(code);
  ASSERT_EQ(code->modules.size(), code->width * code->width);
  EXPECT_EQ((code->width - 17) % 4, 0U);  // versions 1 to 40 are 21 to 177 wide
  EXPECT_TRUE(is_finder(*code, 0, 0));
  EXPECT_TRUE(is_finder(*code, 0, code->width - 7));
  EXPECT_TRUE(is_finder(*code, code->width - 7, 0));
  EXPECT_FALSE(is_finder(*code, code->width - 7, code->width - 7));
}

TEST(QrCode, GrowsWithItsTextUpToTheStandardsLimit) {
  EXPECT_EQ(make_qr_code("a")->width, 21U);
  EXPECT_EQ(make_qr_code(std::string(2331, 'a'))->width, 177U);
  const auto refused = make_qr_code(std::string(2332, 'a'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::too_large);
}

}  // namespace
}  // namespace imdsd::base
