// SPDX-License-Identifier: MIT
#include "imds/document_times.h"

#include <cstddef>

#include "aws/time_format.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kLastUpdated = "LastUpdated";
constexpr std::string_view kExpiration = "Expiration";
constexpr std::size_t kTimeSize = 20;  // 2015-08-30T12:36:00Z

/// Where the time of a member stands that Ec2Json or JsonWriter has written; npos: there is none.
std::size_t find_time(std::string_view document, std::string_view member) {
  const std::string name = "\"" + std::string(member) + "\"";
  for (const std::string& start : {"\n  " + name + " : \"", "," + name + ":\""}) {
    const std::size_t at = document.find(start);
    if (at != std::string_view::npos) return at + start.size();
  }
  return std::string_view::npos;
}

std::optional<base::SystemTime> time_at(std::string_view document, std::size_t at) {
  if (at == std::string_view::npos) return std::nullopt;
  const auto time = aws::parse_iso8601(document.substr(at, kTimeSize));
  if (!time) return std::nullopt;
  return *time;
}

}  // namespace

std::optional<base::SystemTime> document_expiration(std::string_view document) {
  return time_at(document, find_time(document, kExpiration));
}

std::string shift_document_times(std::string document, std::chrono::seconds offset) {
  for (const std::string_view member : {kLastUpdated, kExpiration}) {
    const std::size_t at = find_time(document, member);
    const auto time = time_at(document, at);
    if (time) document.replace(at, kTimeSize, aws::format_iso8601(*time + offset));
  }
  return document;
}

}  // namespace imdsd::imds
