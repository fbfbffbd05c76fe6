// SPDX-License-Identifier: MIT
#include "gateway/scope_hint.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "aws/query_string.h"

namespace imdsd::gateway {
namespace {

std::optional<std::string> credential(const base::HttpRequest& request) {
  constexpr std::string_view kName = "Credential=";
  if (const auto header = request.headers.get("authorization")) {
    const std::size_t start = header->rfind(kName);  // of duplicates the last one counts
    if (start == std::string_view::npos) return std::nullopt;
    const std::string_view rest = header->substr(start + kName.size());
    return std::string(rest.substr(0, rest.find_first_of(", \t")));
  }
  return aws::query_value(request.query(), "X-Amz-Credential");
}

}  // namespace

std::optional<ScopeHint> scope_hint(const base::HttpRequest& request) {
  const auto text = credential(request);
  if (!text) return std::nullopt;
  std::array<std::string_view, 5> parts;
  std::string_view rest = *text;
  for (std::string_view& part : parts) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    part = rest.substr(0, end);
    const bool is_last = &part == &parts.back();
    if (is_last != (end == rest.size())) return std::nullopt;
    rest.remove_prefix(is_last ? end : end + 1);
  }
  return ScopeHint{std::string(parts[3]), std::string(parts[2])};
}

}  // namespace imdsd::gateway
