// SPDX-License-Identifier: MIT
#include "base/printable.h"

#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace imdsd::base {
namespace {

TEST(Printable, LeavesWhatIsSeen) {
  for (const std::string text :
       {"", "arn:aws:s3:::bucket/key", "J\u00fcrgen \u65e5\u672c \U0001F600", "\u00a0",
        "\u2027\u202f\u2065\u206a"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ShowsWhatWouldWorkOnATerminal) {
  EXPECT_EQ(printable("a\nb\r\t\x1b[31m\x7f"), "a\\u000ab\\u000d\\u0009\\u001b[31m\\u007f");
  EXPECT_EQ(printable("\xc2\x80\xc2\x9b"), "\\u0080\\u009b") << "C1: CSI in one character";
  EXPECT_EQ(printable("\u2028\u2029"), "\\u2028\\u2029");
  EXPECT_EQ(printable("\u202e\u2066\u2069\u200f\u061c"), "\\u202e\\u2066\\u2069\\u200f\\u061c");
  EXPECT_EQ(printable(std::string("\0", 1)), "\\u0000");
}

TEST(Printable, ShowsBytesThatAreNoText) {
  EXPECT_EQ(printable("\x9b[31m"), "\\x9b[31m");
  EXPECT_EQ(printable("\xc3"), "\\xc3");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

TEST(Printable, IsTextInOneLineWhateverComes) {
  std::string text = "a\u00fc\u202e\U0001F600";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[i] = static_cast<char>(byte);
      const std::string shown = printable(changed);
      EXPECT_TRUE(base::is_valid_utf8(shown));
      EXPECT_EQ(shown.find('\n'), std::string::npos);
      EXPECT_EQ(printable(shown), shown);
    }
  }
}

}  // namespace
}  // namespace imdsd::base
