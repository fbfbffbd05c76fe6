// SPDX-License-Identifier: MIT
#include "imds/ec2_json.h"

#include <utility>

#include "base/codec.h"

namespace imdsd::imds {
namespace {

void append_control(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u00";
  out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
  out.push_back(kHex[static_cast<unsigned char>(c) & 0xf]);
}

/// RFC 8259 section 7. Text that is not UTF-8 cannot be JSON: its bytes above 0x7f become U+FFFD.
void append_quoted(std::string& out, std::string_view text) {
  const bool valid = base::is_valid_utf8(text);
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      append_control(out, c);
    } else if (byte > 0x7f && !valid) {
      out += "\\ufffd";
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

}  // namespace

void Ec2Json::key(std::string_view name) {
  out_ += first_ ? "\n  " : ",\n  ";
  first_ = false;
  append_quoted(out_, name);
  out_ += " : ";
}

Ec2Json& Ec2Json::text(std::string_view name, std::string_view value) {
  key(name);
  append_quoted(out_, value);
  return *this;
}

Ec2Json& Ec2Json::texts(std::string_view name, const std::vector<std::string>& values) {
  key(name);
  out_ += "[ ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out_ += ", ";
    append_quoted(out_, values[i]);
  }
  out_ += " ]";
  return *this;
}

Ec2Json& Ec2Json::null(std::string_view name) {
  key(name);
  out_ += "null";
  return *this;
}

std::string Ec2Json::take() {
  out_ += "\n}";
  return std::move(out_);
}

}  // namespace imdsd::imds
