// SPDX-License-Identifier: MIT
// name=value pairs joined by `&`, as in query strings and form bodies, still encoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::aws {

struct RawParameter {
  std::string_view name, value;  // a missing `=` is an empty value
};

/// Takes the next pair off the front of `rest`; pieces between `&&` do not count. Nothing at the
/// end.
[[nodiscard]] std::optional<RawParameter> next_parameter(std::string_view& rest);

/// The decoded value of the first parameter of that (decoded) name. One that does not decode is
/// skipped.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Every `%` is followed by two hexadecimal digits. The message is the one AWS answers with.
[[nodiscard]] base::Result<void> check_escapes(std::string_view text);

}  // namespace imdsd::aws
