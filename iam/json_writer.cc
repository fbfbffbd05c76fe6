// SPDX-License-Identifier: MIT
#include "iam/json_writer.h"

#include "base/codec.h"
#include "base/utf8.h"

namespace imdsd::iam {
namespace {

bool stands_as_it_is(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

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
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && stands_as_it_is(text[plain])) ++plain;
    out_.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(append_escaped(text));
  }
  out_.push_back('"');
}

std::size_t JsonWriter::append_escaped(std::string_view text) {
  constexpr std::string_view kMeanings = "\"\\\b\f\n\r\t";
  constexpr std::string_view kEscapes = "\"\\bfnrt";
  const char c = text[0];
  if (const std::size_t known = kMeanings.find(c); known != std::string_view::npos) {
    out_.append({'\\', kEscapes[known]});
    return 1;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    out_.append("\\u00").append(base::hex_encode({&c, 1}));
    return 1;
  }
  const std::size_t length = base::utf8_front_length(text);
  out_.append(length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length));
  return length == 0 ? 1 : length;
}

}  // namespace imdsd::iam
