// SPDX-License-Identifier: MIT
#include "iam/json_writer.h"

#include <array>
#include <cstddef>

#include "base/codec.h"
#include "base/utf8.h"

namespace imdsd::iam {
namespace {

/// What becomes of a byte in a string: 0, it stands as it is; `u`, it is looked at closely;
/// otherwise, what stands for it behind a backslash.
constexpr std::array<char, 256> kEscapes = [] {
  constexpr std::string_view kMeanings = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  std::array<char, 256> out{};
  for (std::size_t byte = 0; byte < out.size(); ++byte) {
    out[byte] = byte < 0x20 || byte >= 0x80 ? 'u' : '\0';
  }
  for (std::size_t i = 0; i < kMeanings.size(); ++i) {
    out[static_cast<unsigned char>(kMeanings[i])] = kNames[i];
  }
  return out;
}();

}  // namespace

void JsonWriter::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
}

JsonWriter& JsonWriter::begin(char bracket) {
  separate();
  out_.push_back(bracket);
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  out_.push_back(bracket);
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::name(std::string_view name) {
  separate();
  append_quoted(name);
  out_.push_back(':');
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_quoted(text);
  return *this;
}

JsonWriter& JsonWriter::literal(std::string_view text) {
  separate();
  out_.append(text);
  return *this;
}

void JsonWriter::append_quoted(std::string_view text) {
  out_.push_back('"');
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char escape = kEscapes[static_cast<unsigned char>(text[at])];
    if (escape == '\0') {
      ++at;
      continue;
    }
    out_.append(text, done, at - done);
    if (escape == 'u') {
      at += append_odd(text.substr(at));
    } else {
      const std::array<char, 2> pair{'\\', escape};
      out_.append(pair.data(), pair.size());
      ++at;
    }
    done = at;
  }
  out_.append(text, done).push_back('"');
}

std::size_t JsonWriter::append_odd(std::string_view text) {
  const char c = text[0];
  if (static_cast<unsigned char>(c) < 0x20) {
    out_.append("\\u00").append(base::hex_encode({&c, 1}));
    return 1;
  }
  const std::size_t length = base::utf8_front_length(text);
  out_.append(length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length));
  return length == 0 ? 1 : length;
}

}  // namespace imdsd::iam
