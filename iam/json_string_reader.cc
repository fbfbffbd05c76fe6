// SPDX-License-Identifier: MIT
#include "iam/json_string_reader.h"

#include <charconv>
#include <optional>

#include "base/utf8.h"

namespace imdsd::iam {
namespace {

/// The length of what stands for itself: neither quote, backslash, control character nor the end.
std::size_t plain_length(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte < 0x20 || byte == '"' || byte == '\\') break;
    const std::size_t length =
        byte < 0x80 ? 1 : base::utf8_front_length({at, static_cast<std::size_t>(end - at)});
    if (length == 0) break;
    at += length;
  }
  return static_cast<std::size_t>(at - text.data());
}

std::optional<char32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (error != std::errc() || end != text.data() + 4) return std::nullopt;
  return value;
}

void append_utf8(char32_t c, std::string& out) {
  const auto byte = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3F));
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

/// `text` begins behind `\u`; returns how much of it was read, 0 when it is wrong.
std::size_t read_unicode(std::string_view text, std::string& out) {
  const auto first = hex4(text);
  if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) return 0;
  if (*first < 0xD800 || *first > 0xDBFF) {
    append_utf8(*first, out);
    return 4;
  }
  if (text.substr(4, 2) != "\\u") return 0;
  const auto second = hex4(text.substr(6));
  if (!second || *second < 0xDC00 || *second > 0xDFFF) return 0;
  append_utf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
  return 10;
}

/// `text` begins behind the backslash; returns how much of it was read, 0 when it is wrong.
std::size_t read_escape(std::string_view text, std::string& out) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (text.empty()) return 0;
  if (text[0] == 'u') {
    const std::size_t read = read_unicode(text.substr(1), out);
    return read == 0 ? 0 : read + 1;
  }
  const std::size_t known = kEscapes.find(text[0]);
  if (known == std::string_view::npos) return 0;
  out.push_back(kMeanings[known]);
  return 1;
}

}  // namespace

JsonStringEnd read_json_string(std::string_view text, std::size_t at, std::string& out) {
  while (true) {
    const std::size_t plain = plain_length(text.substr(at));
    out.append(text.substr(at, plain));
    at += plain;
    if (at == text.size()) return {at, false};
    if (text[at] == '"') return {at + 1, true};
    if (text[at] != '\\') return {at, false};
    const std::size_t escape = read_escape(text.substr(at + 1), out);
    if (escape == 0) return {at + 1, false};
    at += 1 + escape;
  }
}

}  // namespace imdsd::iam
