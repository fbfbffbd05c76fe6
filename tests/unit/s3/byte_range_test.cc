// SPDX-License-Identifier: MIT
#include "s3/byte_range.h"

#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

struct Case {
  std::string_view header;
  std::uint64_t size;
  std::optional<ByteRange> range;
};

TEST(ResolveRange, GivesThePartOrTheWhole) {
  for (const auto& [header, size, range] : {
           Case{"bytes=0-9", 100, ByteRange{0, 9}},
           Case{"bytes=0-0", 100, ByteRange{0, 0}},
           Case{"bytes=90-", 100, ByteRange{90, 99}},
           Case{"bytes=90-200", 100, ByteRange{90, 99}},
           Case{"bytes=90-99999999999999999999", 100, ByteRange{90, 99}},
           Case{"bytes=-10", 100, ByteRange{90, 99}},
           Case{"bytes=-200", 100, ByteRange{0, 99}},
           Case{"bytes= 5 - 6 ", 100, ByteRange{5, 6}},
           // What follows is no range of one: the whole object, with 200.
           Case{"bytes=1-0", 100, std::nullopt},
           Case{"bytes=0-1,5-6", 100, std::nullopt},
           Case{"bytes=-", 100, std::nullopt},
           Case{"bytes=", 100, std::nullopt},
           Case{"bytes=a-b", 100, std::nullopt},
           Case{"bytes=--5", 100, std::nullopt},
           Case{"lines=0-1", 100, std::nullopt},
           Case{"", 100, std::nullopt},
       }) {
    const auto found = resolve_range(header, size);
    ASSERT_TRUE(found) << header;
    EXPECT_EQ(*found, range) << header;
  }
}

TEST(ResolveRange, RefusesWhatHasNoByteOfTheObject) {
  for (const auto& [header, size] :
       {std::pair{"bytes=100-", 100U}, std::pair{"bytes=100-200", 100U},
        std::pair{"bytes=-0", 100U}, std::pair{"bytes=0-0", 0U}, std::pair{"bytes=-5", 0U},
        std::pair{"bytes=99999999999999999999-", 100U}}) {
    const auto found = resolve_range(header, size);
    ASSERT_FALSE(found) << header;
    EXPECT_EQ(found.error().status, 416);
    EXPECT_EQ(found.error().code, "InvalidRange");
    EXPECT_EQ(found.error().details,
              (std::vector<std::pair<std::string, std::string>>{
                  {"RangeRequested", header}, {"ActualObjectSize", std::to_string(size)}}));
  }
}

TEST(ContentRange, IsThatOfRfc9110) {
  EXPECT_EQ(content_range({0, 9}, 100), "bytes 0-9/100");
  EXPECT_EQ((ByteRange{0, 9}).size(), 10U);
}

TEST(ParseCopySourceRange, WantsBothEndsWithinTheSource) {
  EXPECT_EQ(parse_copy_source_range("bytes=0-9", 10).value(), (ByteRange{0, 9}));
  for (const std::string_view header : {"bytes=0-", "bytes=-5", "bytes=5-4", "0-9", "bytes=0-10"}) {
    const auto range = parse_copy_source_range(header, 10);
    ASSERT_FALSE(range) << header;
    EXPECT_EQ(range.error().code, "InvalidArgument");
    EXPECT_EQ(range.error().details.front().second, "x-amz-copy-source-range");
  }
  EXPECT_EQ(parse_copy_source_range("bytes=0-10", 10).error().message,
            "Range specified is not valid for source object of size: 10");
}

}  // namespace
}  // namespace imdsd::s3
