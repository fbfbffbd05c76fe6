// SPDX-License-Identifier: MIT
#include "gateway/scope_hint.h"

#include <string_view>
#include <vector>

#include "aws/query_string.h"
#include "aws/sigv4a.h"
#include "base/codec.h"

namespace imdsd::gateway {
namespace {

constexpr std::size_t kMaxParts = 5;  // key, date, region, service, terminator

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

bool is_sigv4a(const base::HttpRequest& request) {
  if (const auto header = request.headers.get("authorization")) {
    return base::trim(*header).starts_with(aws::kSigV4aAlgorithm);
  }
  return aws::query_value(request.query(), "X-Amz-Algorithm") == aws::kSigV4aAlgorithm;
}

/// The one region of a set that names no other.
std::string region_of_set(const base::HttpRequest& request) {
  const auto header = request.headers.get("x-amz-region-set");
  std::string set = header ? std::string(*header)
                           : aws::query_value(request.query(), "X-Amz-Region-Set").value_or("");
  return set.find_first_of("*,") == std::string::npos ? set : std::string();
}

}  // namespace

std::optional<ScopeHint> scope_hint(const base::HttpRequest& request) {
  const auto text = credential(request);
  if (!text) return std::nullopt;
  std::vector<std::string_view> parts;
  for (std::string_view rest = *text;;) {
    const std::size_t end = rest.find('/');
    parts.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    if (parts.size() == kMaxParts) return std::nullopt;
    rest.remove_prefix(end + 1);
  }
  if (is_sigv4a(request)) {
    if (parts.size() != kMaxParts - 1) return std::nullopt;
    return ScopeHint{std::string(parts[2]), region_of_set(request)};
  }
  if (parts.size() != kMaxParts) return std::nullopt;
  return ScopeHint{std::string(parts[3]), std::string(parts[2])};
}

}  // namespace imdsd::gateway
