// SPDX-License-Identifier: MIT
#include "base/xml_writer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "base/utf8.h"

namespace imdsd::base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// XML 1.0 section 2.2: of the characters below U+0020 only these three; not U+FFFE and U+FFFF.
bool xml_can_carry(std::string_view character) {
  if (character.size() == 1) {
    const auto byte = static_cast<unsigned char>(character[0]);
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
  }
  return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

void append_character(std::string& out, std::string_view character) {
  switch (character[0]) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\'':
      out += "&apos;";
      return;
    case '\r':
      out += "&#xD;";
      return;  // section 2.11: a parser would make it a line feed
    default:
      out += xml_can_carry(character) ? character : kReplacement;
  }
}

// What most text is made of: ASCII that XML has no other use for.
bool is_plain(char c) {
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = true;
    for (const char other : {'&', '<', '>', '"', '\''})
      plain[static_cast<unsigned char>(other)] = false;
    return plain;
  }();
  return kPlain[static_cast<unsigned char>(c)];
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto odd = std::find_if_not(text.begin(), text.end(), is_plain);
    out.append(text.begin(), odd);
    text.remove_prefix(static_cast<std::size_t>(odd - text.begin()));
    if (text.empty()) return;
    const std::size_t length = utf8_front_length(text);
    if (length == 0) {
      out += kReplacement;
    } else {
      append_character(out, text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace

XmlWriter::XmlWriter(Layout layout) : layout_(layout) {
  if (layout == Layout::one_line) out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view xmlns) {
  indent();
  out_.append("<").append(name);
  if (!xmlns.empty()) {
    out_ += " xmlns=\"";
    append_escaped(out_, xmlns);
    out_ += '"';
  }
  out_ += '>';
  end_line();
  open_.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::close() {
  assert(!open_.empty());
  const std::string name = std::move(open_.back());
  open_.pop_back();
  indent();
  out_.append("</").append(name).append(">");
  end_line();
  return *this;
}

XmlWriter& XmlWriter::leaf(std::string_view name, std::string_view text) {
  indent();
  out_.append("<").append(name);
  if (text.empty()) {
    out_ += "/>";
    end_line();
    return *this;
  }
  out_ += '>';
  append_escaped(out_, text);
  out_.append("</").append(name).append(">");
  end_line();
  return *this;
}

std::string XmlWriter::take() {
  assert(open_.empty());
  return std::exchange(out_, {});
}

void XmlWriter::indent() {
  if (layout_ == Layout::indented) out_.append(2 * open_.size(), ' ');
}

void XmlWriter::end_line() {
  if (layout_ == Layout::indented) out_ += '\n';
}

std::string xml_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_escaped(out, text);
  return out;
}

}  // namespace imdsd::base
