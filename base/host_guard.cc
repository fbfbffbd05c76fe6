// SPDX-License-Identifier: MIT
#include "base/host_guard.h"

#include <algorithm>

#include "base/codec.h"
#include "base/http_message.h"
#include "base/ip_address.h"

namespace imdsd::base {
namespace {

bool is_ip_literal(std::string_view host) {
  // RFC 6874: a zone identifier may follow an IPv6 address. Which interface it means does not
  // matter here.
  const auto zone = host.find('%');
  if (zone != std::string_view::npos && host.find(':') < zone) host = host.substr(0, zone);
  return IpAddress::parse(host).has_value();
}

/// Without the dot of a fully qualified name.
std::string_view without_root_dot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

}  // namespace

bool host_is_allowed(std::string_view host_header, std::span<const std::string> allowed_hosts,
                     bool localhost_subdomains) {
  const std::string_view host = host_without_port(host_header);
  if (host.empty()) return false;
  if (is_ip_literal(host)) return true;
  const std::string name = to_lower(without_root_dot(host));
  if (name == "localhost") return true;
  constexpr std::string_view kBelowLocalhost = ".localhost";
  if (localhost_subdomains && name.size() > kBelowLocalhost.size() &&
      name.ends_with(kBelowLocalhost)) {
    return true;
  }
  return std::any_of(allowed_hosts.begin(), allowed_hosts.end(), [&](const std::string& allowed) {
    return !name.empty() && equals_ignoring_case(without_root_dot(allowed), name);
  });
}

}  // namespace imdsd::base
