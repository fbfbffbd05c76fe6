// SPDX-License-Identifier: MIT
#include "base/png.h"

#include <gtest/gtest.h>

#include "base/codec.h"
#include "base/deflate.h"

namespace imdsd::base {
namespace {

TEST(Png, HasSignatureHeaderDataAndEnd) {
  const std::string png = make_png(9, [](std::size_t row, std::size_t) { return row % 2 == 0; });
  EXPECT_EQ(hex_encode(png.substr(0, 33)),
            "89504e470d0a1a0a"  // signature
            "0000000d49484452"  // IHDR, 13 bytes
            "00000009000000090100000000"
            "c8ea3bbd");
  EXPECT_EQ(hex_encode(png.substr(png.size() - 12)), "0000000049454e44ae426082");
}

TEST(Png, HasARowOfBitsForEachRowOfPixels) {
  const std::string png =
      make_png(9, [](std::size_t row, std::size_t column) { return row == column; });
  const std::size_t data = png.find("IDAT") + 4;
  const std::size_t end = png.find("IEND") - 4 - 4;  // length of IEND, checksum of IDAT
  const std::string raw = png.substr(data + 2, end - data - 2 - 4);
  const auto rows = inflate(raw, 1000);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 9U * 3);
  EXPECT_EQ(hex_encode(rows->substr(0, 3)), "007f80");  // filter, one dark, eight light
  EXPECT_EQ(hex_encode(rows->substr(24, 3)), "00ff00");
}

}  // namespace
}  // namespace imdsd::base
