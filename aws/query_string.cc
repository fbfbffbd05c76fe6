// SPDX-License-Identifier: MIT
#include "aws/query_string.h"

#include "base/codec.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

bool is_encoded(std::string_view text) {
  return text.find_first_of("%+") != std::string_view::npos;
}

bool is_named(std::string_view raw, std::string_view name) {
  if (!is_encoded(raw)) return raw == name;
  const auto decoded = base::form_decode(raw);
  return decoded && *decoded == name;
}

}  // namespace

std::optional<RawParameter> next_parameter(std::string_view& rest) {
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(pair.size() < rest.size() ? pair.size() + 1 : pair.size());
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return RawParameter{pair, {}};
    return RawParameter{pair.substr(0, equals), pair.substr(equals + 1)};
  }
  return std::nullopt;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (const auto parameter = next_parameter(query)) {
    if (!is_named(parameter->name, name)) continue;
    if (auto value = base::form_decode(parameter->value)) return *std::move(value);
  }
  return std::nullopt;
}

base::Result<void> check_escapes(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    const std::string_view digits = text.substr(at + 1, 2);
    if (digits.size() < 2) {
      return base::fail(base::Errc::invalid_argument, "Incomplete trailing escape % sequence");
    }
    if (digits.find_first_not_of(kHexDigits) != std::string_view::npos) {
      return base::fail(base::Errc::invalid_argument,
                        "Illegal hex character in escape % pattern: %" + std::string(digits));
    }
  }
  return {};
}

}  // namespace imdsd::aws
