// SPDX-License-Identifier: MIT
#include "base/codec.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace imdsd::base {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kHexLower = "0123456789abcdef";
constexpr std::string_view kHexUpper = "0123456789ABCDEF";

constexpr std::uint8_t kNone = 0xFF;
using ReverseTable = std::array<std::uint8_t, 256>;

constexpr ReverseTable reverse_of(std::string_view alphabet) {
  ReverseTable table{};
  for (auto& value : table) value = kNone;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr ReverseTable hex_values() {
  ReverseTable table = reverse_of(kHexLower);
  for (std::size_t i = 10; i < 16; ++i) {
    table[static_cast<unsigned char>(kHexUpper[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr ReverseTable kBase64Values = reverse_of(kBase64);
constexpr ReverseTable kBase64UrlValues = reverse_of(kBase64Url);
constexpr ReverseTable kBase32Values = reverse_of(kBase32);
constexpr ReverseTable kHexValues = hex_values();

constexpr std::array<bool, 256> unreserved() {
  std::array<bool, 256> table{};
  for (const char c : kBase64Url) table[static_cast<unsigned char>(c)] = true;
  table['.'] = table['~'] = true;
  return table;
}
constexpr std::array<bool, 256> kUnreserved = unreserved();

std::uint32_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

std::uint8_t value_at(const ReverseTable& values, std::string_view text, std::size_t i) {
  return values[static_cast<unsigned char>(text[i])];
}

std::string encode64(std::string_view bytes, std::string_view alphabet) {
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  std::size_t o = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = byte_at(bytes, i) << 16;
    if (have > 1) group |= byte_at(bytes, i + 1) << 8;
    if (have > 2) group |= byte_at(bytes, i + 2);
    for (std::size_t k = 0; k <= have; ++k) out[o + k] = alphabet[group >> (18 - 6 * k) & 63];
    o += 4;
  }
  return out;
}

/// Digits alone, no padding.
Result<std::string> decode64_digits(std::string_view text, const ReverseTable& values) {
  if (text.size() % 4 == 1) return fail(Errc::invalid_argument, "base64: incomplete group");
  std::string out(text.size() * 3 / 4, '\0');
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  std::uint8_t seen = 0;
  std::size_t o = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t value = value_at(values, text, i);
    seen |= value;  // kNone has bits that no digit has
    buffer = buffer << 6 | (value & 63U);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[o++] = static_cast<char>(buffer >> bits & 0xFF);
    }
  }
  if (seen > 63) return fail(Errc::invalid_argument, "base64: character not in alphabet");
  if ((buffer & ((1U << bits) - 1)) != 0) {
    return fail(Errc::invalid_argument, "base64: bits set behind the last byte");
  }
  return out;
}

Result<std::string> decode64(std::string_view text, const ReverseTable& values) {
  if (text.size() % 4 != 0) return fail(Errc::invalid_argument, "base64: incomplete group");
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  return decode64_digits(text.substr(0, text.size() - padding), values);
}

Result<std::string> decode_escapes(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return fail(Errc::invalid_argument, "percent escape is cut off");
      const std::uint8_t high = value_at(kHexValues, text, i + 1);
      const std::uint8_t low = value_at(kHexValues, text, i + 2);
      if (high == kNone || low == kNone) {
        return fail(Errc::invalid_argument, "percent escape is not hexadecimal");
      }
      out.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  return encode64(bytes, kBase64);
}
std::string base64url_encode(std::string_view bytes) {
  return encode64(bytes, kBase64Url);
}

Result<std::string> base64_decode(std::string_view text) {
  return decode64(text, kBase64Values);
}
Result<std::string> base64url_decode(std::string_view text) {
  return decode64(text, kBase64UrlValues);
}

std::string base64url_encode_unpadded(std::string_view bytes) {
  std::string text = base64url_encode(bytes);
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}
Result<std::string> base64url_decode_unpadded(std::string_view text) {
  return decode64_digits(text, kBase64UrlValues);
}

std::string base32_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 8 + 4) / 5);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(byte);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out.push_back(kBase32[buffer >> bits & 31]);
    }
  }
  if (bits > 0) out.push_back(kBase32[buffer << (5 - bits) & 31]);
  return out;
}

Result<std::string> base32_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 5 / 8);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t value = value_at(kBase32Values, text, i);
    if (value == kNone) return fail(Errc::invalid_argument, "base32: character not in alphabet");
    buffer = buffer << 5 | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>(buffer >> bits & 0xFF));
    }
  }
  // Five or more bits left over would be a character that carries nothing.
  if (bits >= 5 || (buffer & ((1U << bits) - 1)) != 0) {
    return fail(Errc::invalid_argument, "base32: not a whole number of bytes");
  }
  return out;
}

std::string hex_encode(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kHexLower[byte_at(bytes, i) >> 4];
    out[2 * i + 1] = kHexLower[byte_at(bytes, i) & 15];
  }
  return out;
}

Result<std::string> hex_decode(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Errc::invalid_argument, "hex: odd number of digits");
  std::string out(text.size() / 2, '\0');
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint8_t high = value_at(kHexValues, text, 2 * i);
    const std::uint8_t low = value_at(kHexValues, text, 2 * i + 1);
    if (high == kNone || low == kNone) return fail(Errc::invalid_argument, "hex: not a digit");
    out[i] = static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  std::size_t escapes = 0;
  const auto stays = [keep_slash](char c) {
    return kUnreserved[static_cast<unsigned char>(c)] || (keep_slash && c == '/');
  };
  for (const char c : text) escapes += stays(c) ? 0U : 1U;
  if (escapes == 0) return std::string(text);
  std::string out;
  out.reserve(text.size() + 2 * escapes);
  for (const char c : text) {
    if (stays(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHexUpper[byte >> 4]);
      out.push_back(kHexUpper[byte & 15]);
    }
  }
  return out;
}

Result<std::string> percent_decode(std::string_view text) {
  return decode_escapes(text, false);
}
Result<std::string> form_decode(std::string_view text) {
  return decode_escapes(text, true);
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace imdsd::base
