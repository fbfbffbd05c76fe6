// SPDX-License-Identifier: MIT
#include "base/codec.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

using Encode = std::string (*)(std::string_view);
using Decode = Result<std::string> (*)(std::string_view);

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

struct Vector {
  std::string_view name;
  Encode encode;
  Decode decode;
  std::string_view bytes;
  std::string_view text;
};

class CodecVector : public testing::TestWithParam<Vector> {};

TEST_P(CodecVector, EncodesAndDecodes) {
  EXPECT_EQ(GetParam().encode(GetParam().bytes), GetParam().text);
  const auto decoded = GetParam().decode(GetParam().text);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(*decoded, GetParam().bytes);
}

// RFC 4648 section 10; base32 there carries padding, here not.
INSTANTIATE_TEST_SUITE_P(
    Rfc4648, CodecVector,
    testing::Values(
        Vector{"b64_0", base64_encode, base64_decode, "", ""},
        Vector{"b64_1", base64_encode, base64_decode, "f", "Zg=="},
        Vector{"b64_2", base64_encode, base64_decode, "fo", "Zm8="},
        Vector{"b64_3", base64_encode, base64_decode, "foo", "Zm9v"},
        Vector{"b64_4", base64_encode, base64_decode, "foob", "Zm9vYg=="},
        Vector{"b64_5", base64_encode, base64_decode, "fooba", "Zm9vYmE="},
        Vector{"b64_6", base64_encode, base64_decode, "foobar", "Zm9vYmFy"},
        Vector{"b64_high", base64_encode, base64_decode, "\xFB\xFF\xFE", "+//+"},
        Vector{"b64url_1", base64url_encode, base64url_decode, "f", "Zg=="},
        Vector{"b64url_high", base64url_encode, base64url_decode, "\xFB\xFF\xFE", "-__-"},
        Vector{"b64url_unpadded_0", base64url_encode_unpadded, base64url_decode_unpadded, "", ""},
        Vector{"b64url_unpadded_1", base64url_encode_unpadded, base64url_decode_unpadded, "f",
               "Zg"},
        Vector{"b64url_unpadded_2", base64url_encode_unpadded, base64url_decode_unpadded, "fo",
               "Zm8"},
        Vector{"b64url_unpadded_3", base64url_encode_unpadded, base64url_decode_unpadded,
               "\xFB\xFF\xFE", "-__-"},
        Vector{"b32_0", base32_encode, base32_decode, "", ""},
        Vector{"b32_1", base32_encode, base32_decode, "f", "MY"},
        Vector{"b32_2", base32_encode, base32_decode, "fo", "MZXQ"},
        Vector{"b32_3", base32_encode, base32_decode, "foo", "MZXW6"},
        Vector{"b32_4", base32_encode, base32_decode, "foob", "MZXW6YQ"},
        Vector{"b32_5", base32_encode, base32_decode, "fooba", "MZXW6YTB"},
        Vector{"b32_6", base32_encode, base32_decode, "foobar", "MZXW6YTBOI"},
        Vector{"hex_0", hex_encode, hex_decode, "", ""},
        Vector{"hex_6", hex_encode, hex_decode, "foobar", "666f6f626172"},
        Vector{"hex_high", hex_encode, hex_decode, "\xFF\x0A\xA0", "ff0aa0"}),
    [](const auto& row) { return std::string(row.param.name); });

struct Codec {
  std::string_view name;
  Encode encode;
  Decode decode;
};

class CodecProperty : public testing::TestWithParam<Codec> {};

TEST_P(CodecProperty, RoundTripsEveryLengthAndByte) {
  const std::string bytes = all_bytes();
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const std::string tail = bytes.substr(bytes.size() - length);
    const auto decoded = GetParam().decode(GetParam().encode(tail));
    ASSERT_TRUE(decoded.has_value()) << length;
    EXPECT_EQ(*decoded, tail);
  }
}

// What decodes at all must be exactly what the encoder writes: there is one text for each value.
TEST_P(CodecProperty, AcceptsOnlyCanonicalText) {
  const std::string text = GetParam().encode("\xFFsome bytes");
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : all_bytes()) {
      std::string changed = text;
      changed[i] = c;
      const auto decoded = GetParam().decode(changed);
      if (decoded) {
        EXPECT_EQ(to_lower(GetParam().encode(*decoded)), to_lower(changed));
      }
    }
    const std::string cut = text.substr(0, i);
    const auto decoded = GetParam().decode(cut);
    if (decoded) {
      EXPECT_EQ(GetParam().encode(*decoded), cut);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, CodecProperty,
                         testing::Values(Codec{"base64", base64_encode, base64_decode},
                                         Codec{"base64url", base64url_encode, base64url_decode},
                                         Codec{"base64url_unpadded", base64url_encode_unpadded,
                                               base64url_decode_unpadded},
                                         Codec{"base32", base32_encode, base32_decode},
                                         Codec{"hex", hex_encode, hex_decode}),
                         [](const auto& row) { return std::string(row.param.name); });

struct Refused {
  std::string_view name;
  Decode decode;
  std::string_view text;
};

class CodecRefuses : public testing::TestWithParam<Refused> {};

TEST_P(CodecRefuses, WithInvalidArgument) {
  const auto decoded = GetParam().decode(GetParam().text);
  ASSERT_FALSE(decoded.has_value()) << *decoded;
  EXPECT_EQ(decoded.error().code, Errc::invalid_argument);
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Hostile, CodecRefuses,
    testing::Values(
        Refused{"b64_no_padding", base64_decode, "Zg"},
        Refused{"b64_short_padding", base64_decode, "Zg="},
        Refused{"b64_only_padding", base64_decode, "===="},
        Refused{"b64_three_padding", base64_decode, "Z==="},
        Refused{"b64_padding_inside", base64_decode, "Zg==Zg=="},
        Refused{"b64_padding_first", base64_decode, "=Zg="},
        Refused{"b64_loose_bits_1", base64_decode, "Zh=="},
        Refused{"b64_loose_bits_2", base64_decode, "Zm9="},
        Refused{"b64_url_alphabet", base64_decode, "-__-"},
        Refused{"b64_line_break", base64_decode, "Zm9v\nZg="},
        Refused{"b64_nul", base64_decode, "Zm9\0"sv},
        Refused{"b64_high_byte", base64_decode, "Zm9\xFF"},
        Refused{"b64url_plain_alphabet", base64url_decode, "+//+"},
        Refused{"b64url_no_padding", base64url_decode, "Zg"},
        Refused{"unpadded_padding", base64url_decode_unpadded, "Zg=="},
        Refused{"unpadded_lone_digit", base64url_decode_unpadded, "Zm9vY"},
        Refused{"unpadded_bits", base64url_decode_unpadded, "Zh"},
        Refused{"b32_lower", base32_decode, "mzxq"},
        Refused{"b32_zero_digit", base32_decode, "0ZXQ"},
        Refused{"b32_padding", base32_decode, "MY======"},
        Refused{"b32_loose_bits", base32_decode, "MZ"},
        Refused{"b32_lone_character", base32_decode, "A"},
        Refused{"b32_three", base32_decode, "AAA"}, Refused{"b32_six", base32_decode, "AAAAAA"},
        Refused{"hex_odd", hex_decode, "abc"}, Refused{"hex_letter", hex_decode, "0g"},
        Refused{"hex_prefix", hex_decode, "0x00"}, Refused{"hex_space", hex_decode, " 0"},
        Refused{"percent_alone", percent_decode, "%"},
        Refused{"percent_one_digit", percent_decode, "a%4"},
        Refused{"percent_not_hex", percent_decode, "%4g"},
        Refused{"percent_sign", percent_decode, "%+1"},
        Refused{"percent_percent", percent_decode, "%%41"},
        Refused{"form_cut", form_decode, "a+b%2"}, Refused{"form_not_hex", form_decode, "%zz"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Base32, TenBytesAreSixteenCharacters) {
  EXPECT_EQ(base32_encode(std::string(10, '\0')), "AAAAAAAAAAAAAAAA");
  EXPECT_EQ(base32_encode(std::string(10, '\xFF')), "7777777777777777");
}

TEST(HexDecode, ReadsUpperCase) {
  EXPECT_EQ(hex_decode("AbCDef").value(), "\xAB\xCD\xEF");
}

TEST(Decoders, KeepTheInputOutOfTheMessage) {
  EXPECT_EQ(base64_decode("hunter2").error().message.find("hunter2"), std::string::npos);
  EXPECT_EQ(hex_decode("hunter2").error().message.find("hunter2"), std::string::npos);
}

TEST(PercentEncode, KeepsExactlyTheUnreservedCharacters) {
  const std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  for (const char c : all_bytes()) {
    const std::string text(1, c);
    const bool stays = unreserved.find(c) != std::string_view::npos;
    EXPECT_EQ(percent_encode(text).size(), stays ? 1U : 3U) << int{c};
    EXPECT_EQ(percent_decode(percent_encode(text)).value(), text);
  }
}

TEST(PercentEncode, WritesUpperCaseHex) {
  EXPECT_EQ(percent_encode("a \xAB+*"), "a%20%AB%2B%2A");
}

TEST(PercentEncode, SlashStaysOnlyOnRequest) {
  EXPECT_EQ(percent_encode("/a b/"), "%2Fa%20b%2F");
  EXPECT_EQ(percent_encode("/a b/", true), "/a%20b/");
}

TEST(PercentDecode, LeavesPlus) {
  EXPECT_EQ(percent_decode("a+b%2b%2B%00").value(), "a+b++\0"sv);
}
TEST(FormDecode, PlusIsSpace) {
  EXPECT_EQ(form_decode("a+b%2B+").value(), "a b+ ");
}

TEST(Ascii, ToLowerLeavesOtherBytes) {
  EXPECT_EQ(to_lower("AZaz@[`{09"), "azaz@[`{09");
  EXPECT_EQ(to_lower("\xC3\x84"), "\xC3\x84");
}

TEST(Ascii, EqualsIgnoringCase) {
  EXPECT_TRUE(equals_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("abc", "ab"));
  EXPECT_FALSE(equals_ignoring_case("a[", "a{"));
  EXPECT_FALSE(equals_ignoring_case("\xC4", "\xE4"));
}

TEST(Ascii, Trim) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\na\r"), "\na\r");
}

}  // namespace
}  // namespace imdsd::base
