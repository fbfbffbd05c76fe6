// SPDX-License-Identifier: MIT
#include "iam/api/shape_pattern.h"

#include "aws/parameter_check.h"
#include "aws/tag_text.h"
#include "base/utf8.h"

namespace imdsd::iam::api {
namespace {

bool matches_anything(std::string_view) {
  return true;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_key_id(std::string_view text) {
  return aws::is_word_or(text, "");
}

bool is_serial(std::string_view text) {
  return aws::is_word_or(text, "+=/:,.@-");
}

/// Lower-case letters and digits, with single hyphens between them.
bool is_alias(std::string_view text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
             std::string_view::npos &&
         !text.starts_with('-') && !text.ends_with('-') &&
         text.find("--") == std::string_view::npos;
}

/// The model also has "v1.x", which no version of a policy is called.
bool is_version_id(std::string_view text) {
  return text.size() > 1 && text[0] == 'v' && text[1] != '0' && is_digits(text.substr(1));
}

bool is_saml_name(std::string_view text) {
  return aws::is_word_or(text, "._-");
}

/// Policies may have DEL, U+0080 to U+009F and the no-break space; descriptions of roles may not.
bool is_role_description(std::string_view text) {
  if (!is_document_text(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0x7F) return false;
    if (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) <= 0xA0) return false;
  }
  return true;
}

}  // namespace

ShapePattern pattern_of(Shape shape) {
  switch (shape) {
    case Shape::arn:
      return {aws::kArnPattern, aws::is_arn_text};
    case Shape::code:
      return {R"([\d]+)", is_digits};
    case Shape::key_id:
      return {R"([\w]+)", is_key_id};
    case Shape::serial:
      return {R"([\w+=/:,.@-]+)", is_serial};
    case Shape::alias:
      return {R"(^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$)", is_alias};
    case Shape::password:
      return {R"([\u0009\u000A\u000D\u0020-\u00FF]+)", is_document_text};
    case Shape::description:
      return {R"([\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*)", is_role_description};
    case Shape::version_id:
      return {R"(v[1-9][0-9]*(\.[A-Za-z0-9-]*)?)", is_version_id};
    case Shape::tag_keys:
      return {aws::kTagKeyPattern, aws::is_tag_text};
    case Shape::saml_name:
      return {R"([\w._-]+)", is_saml_name};
    default:
      return {"", matches_anything};
  }
}

bool is_document_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::utf8_front_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    const bool allowed = length == 1 ? first >= 0x20 || first == 9 || first == 10 || first == 13
                                     : length == 2 && (first == 0xC2 || first == 0xC3);
    if (!allowed) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace imdsd::iam::api
