// SPDX-License-Identifier: MIT
// The constraints of the API model on parameters, and the error that names all that are violated:
// `N validation error(s) detected: Value 'v' at 'member' failed to satisfy constraint: …; Value …`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/service_error.h"

namespace imdsd::aws {

/// One text parameter of the model. Lengths count Unicode characters.
struct TextRule {
  std::string_view member;  // "roleSessionName": the model's name, as errors print it
  bool required = false;
  std::size_t min_length = 0, max_length = 0;
  std::string_view pattern;  // as errors print it
  bool (*matches)(std::string_view) = nullptr;
  bool sensitive = false;  // as the model says: no error prints the value
};

/// \w and the characters of `others`.
[[nodiscard]] bool is_word_or(std::string_view text, std::string_view others);
/// The model's arnType: U+0009, U+000A, U+000D, U+0020 to U+007E, U+0085, U+00A0 and above, but
/// nothing beyond the basic multilingual plane: STS refuses that, whatever the pattern seems to
/// say.
[[nodiscard]] bool is_arn_text(std::string_view text);
inline constexpr std::string_view kArnPattern =
    R"([\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)";

/// How a service prints what it refuses.
enum class PrintedValues {
  shown,   // STS: Value 'x' at 'roleSessionName' failed …
  hidden,  // IAM: Value at 'userName' failed …
};

/// As the model's lengths count it: a byte that begins no UTF-8 character is one by itself.
[[nodiscard]] std::size_t character_count(std::string_view text);

/// Collects what a request violates.
class ParameterCheck {
 public:
  explicit ParameterCheck(PrintedValues values = PrintedValues::shown) : values_(values) {}
  void text(const TextRule& rule, std::optional<std::string_view> value);
  void one_of(std::string_view member, std::string_view value,
              std::span<const std::string_view> allowed);
  /// A list has more than `most` members.
  void longer_than(std::string_view member, std::size_t most);
  /// A list has a member that violates one of these: "have length less than or equal to 128".
  void bad_members(std::string_view member, std::span<const std::string> constraints);
  void range(std::string_view member, std::int32_t value, std::int32_t min, std::int32_t max);
  /// 400 ValidationError naming everything collected; nothing if all is well.
  [[nodiscard]] std::optional<ServiceError> error() const;

 private:
  void violation(std::string_view member, std::optional<std::string_view> value,
                 std::string_view constraint, bool sensitive = false);
  PrintedValues values_;
  std::vector<std::string> violations_;
};

/// A signed 32-bit decimal as STS reads it (`+900` and `0900` are fine). Anything else is a 400
/// MalformedInput, which has a message only for the empty text.
[[nodiscard]] Outcome<std::int32_t> parse_integer(std::string_view text);

}  // namespace imdsd::aws
