// SPDX-License-Identifier: MIT
// The constraints of the API model on parameters, and the error that names all that are violated:
// `N validation error(s) detected: Value 'v' at 'member' failed to satisfy constraint: …; Value …`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/service_error.h"

namespace imdsd::sts {

/// One text parameter of the model. Lengths count Unicode characters.
struct TextRule {
  std::string_view member;  // "roleSessionName": the model's name, as errors print it
  bool required = false;
  std::size_t min_length = 0, max_length = 0;
  std::string_view pattern;  // as errors print it
  bool (*matches)(std::string_view) = nullptr;
};

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
extern const TextRule kRoleArnRule;
extern const TextRule kRoleSessionNameRule;
extern const TextRule kExternalIdRule;

/// Collects what a request violates.
class ParameterCheck {
 public:
  void text(const TextRule& rule, std::optional<std::string_view> value);
  void range(std::string_view member, std::int32_t value, std::int32_t min, std::int32_t max);
  /// 400 ValidationError naming everything collected; nothing if all is well.
  [[nodiscard]] std::optional<aws::ServiceError> error() const;

 private:
  void violation(std::string_view member, std::optional<std::string_view> value,
                 std::string_view constraint);
  std::vector<std::string> violations_;
};

/// A signed 32-bit decimal as STS reads it (`+900` and `0900` are fine). Anything else is a 400
/// MalformedInput, which has a message only for the empty text.
[[nodiscard]] aws::Outcome<std::int32_t> parse_integer(std::string_view text);

}  // namespace imdsd::sts
