// SPDX-License-Identifier: MIT
#include "aws/parameter_check.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace imdsd::aws {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_arn_character(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) {
    return first == 0x09 || first == 0x0A || first == 0x0D || (first >= 0x20 && first <= 0x7E);
  }
  if (character.size() == 2 && first == 0xC2) {
    const auto second = static_cast<unsigned char>(character[1]);
    return second == 0x85 || second >= 0xA0;
  }
  return character.size() < 4 && character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

/// Calls `visit` with each character; a byte that begins none is one by itself.
template <class Visit>
void for_each_character(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t length = base::utf8_front_length(text);
    visit(text.substr(0, std::max<std::size_t>(length, 1)), length != 0);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

}  // namespace

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for_each_character(text, [&](std::string_view, bool) { ++count; });
  return count;
}

bool is_word_or(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_word(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_arn_text(std::string_view text) {
  bool matches = !text.empty();
  for_each_character(text, [&](std::string_view character, bool well_formed) {
    matches = matches && well_formed && is_arn_character(character);
  });
  return matches;
}

void ParameterCheck::violation(std::string_view member, std::optional<std::string_view> value,
                               std::string_view constraint, bool sensitive) {
  std::string text = "Value";
  if (sensitive) {
    // Nor that there is none.
  } else if (!value) {
    text += " null";
  } else if (values_ == PrintedValues::shown) {
    text.append(" '").append(*value).append("'");
  }
  text.append(" at '").append(member).append("' failed to satisfy constraint: Member must ");
  violations_.push_back(text.append(constraint));
}

void ParameterCheck::text(const TextRule& rule, std::optional<std::string_view> value) {
  if (!value) {
    if (rule.required) violation(rule.member, std::nullopt, "not be null", rule.sensitive);
    return;
  }
  if (!rule.matches(*value)) {
    violation(rule.member, value,
              "satisfy regular expression pattern: " + std::string(rule.pattern), rule.sensitive);
  }
  const std::size_t length = character_count(*value);
  if (length < rule.min_length) {
    violation(rule.member, value,
              "have length greater than or equal to " + std::to_string(rule.min_length),
              rule.sensitive);
  }
  if (length > rule.max_length) {
    violation(rule.member, value,
              "have length less than or equal to " + std::to_string(rule.max_length),
              rule.sensitive);
  }
}

void ParameterCheck::one_of(std::string_view member, std::string_view value,
                            std::span<const std::string_view> allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
  std::string list;
  for (const std::string_view item : allowed) list.append(list.empty() ? "" : ", ").append(item);
  violation(member, value, "satisfy enum value set: [" + list + "]");
}

void ParameterCheck::longer_than(std::string_view member, std::size_t most) {
  violation(member, "", "have length less than or equal to " + std::to_string(most));
}

void ParameterCheck::bad_members(std::string_view member,
                                 std::span<const std::string> constraints) {
  std::string list;
  for (const std::string& constraint : constraints) {
    list.append(list.empty() ? "" : ", ").append("Member must ").append(constraint);
  }
  violation(member, "", "satisfy constraint: [" + list + "]");
}

void ParameterCheck::range(std::string_view member, std::int32_t value, std::int32_t min,
                           std::int32_t max) {
  const std::string printed = std::to_string(value);
  if (value < min) {
    violation(member, printed, "have value greater than or equal to " + std::to_string(min));
  }
  if (value > max) {
    violation(member, printed, "have value less than or equal to " + std::to_string(max));
  }
}

std::optional<ServiceError> ParameterCheck::error() const {
  if (violations_.empty()) return std::nullopt;
  std::string message = std::to_string(violations_.size()) + " validation error" +
                        (violations_.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < violations_.size(); ++i) {
    message.append(i == 0 ? "" : "; ").append(violations_[i]);
  }
  return ServiceError{400, "ValidationError", std::move(message)};
}

Outcome<std::int32_t> parse_integer(std::string_view text) {
  using Fault = ServiceError::Fault;
  if (text.empty()) return service_error(400, "MalformedInput", "missing value for decimal type");
  // from_chars knows no plus sign; "+-1" is still none of its numbers.
  const bool plus = text[0] == '+';
  const std::string_view digits = text.substr(plus ? 1 : 0);
  std::int32_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size() ||
      (plus && digits.starts_with('-'))) {
    return tl::unexpected(ServiceError{400, "MalformedInput", std::nullopt, Fault::sender});
  }
  return value;
}

}  // namespace imdsd::aws
