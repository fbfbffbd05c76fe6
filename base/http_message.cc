// SPDX-License-Identifier: MIT
#include "base/http_message.h"

#include <algorithm>

#include "base/codec.h"

namespace imdsd::base {

void HttpHeaders::add(std::string name, std::string value) {
  lines_.push_back({std::move(name), std::move(value)});
}

void HttpHeaders::set(std::string_view name, std::string value) {
  const std::string kept_name(name);  // `name` may point into a line that goes away
  std::erase_if(lines_,
                [&](const HttpHeader& line) { return equals_ignoring_case(line.name, kept_name); });
  add(kept_name, std::move(value));
}

std::optional<std::string_view> HttpHeaders::get(std::string_view name) const {
  for (const HttpHeader& line : lines_) {
    if (equals_ignoring_case(line.name, name)) return line.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> HttpHeaders::get_all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const HttpHeader& line : lines_) {
    if (equals_ignoring_case(line.name, name)) values.emplace_back(line.value);
  }
  return values;
}

std::string_view HttpRequest::path() const noexcept {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view HttpRequest::query() const noexcept {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::string_view host_without_port(std::string_view host) noexcept {
  const auto is_port = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return host;
    const std::string_view rest = host.substr(end + 1);
    if (!rest.empty() && (rest[0] != ':' || !is_port(rest.substr(1)))) return host;
    return host.substr(1, end - 1);
  }
  const std::size_t colon = host.find(':');
  if (colon == std::string_view::npos || colon != host.rfind(':'))
    return host;  // "::1" has no port
  return is_port(host.substr(colon + 1)) ? host.substr(0, colon) : host;
}

}  // namespace imdsd::base
