// SPDX-License-Identifier: MIT
#include "console/request_guard.h"

#include <algorithm>

#include "base/codec.h"
#include "base/host_guard.h"

namespace imdsd::console {
namespace {

std::string_view value_of(const base::HttpRequest& request, std::string_view header) {
  return request.headers.get(header).value_or(std::string_view());
}

/// "http://localhost:1340" and a Host of "localhost:1340". The scheme is not compared: a proxy in
/// front may speak TLS.
bool is_own_origin(std::string_view origin, std::string_view host) {
  const auto scheme = origin.find("://");
  return scheme != std::string_view::npos &&
         base::equals_ignoring_case(origin.substr(scheme + 3), host);
}

bool is_page_load(const base::HttpRequest& request) {
  return (request.method == "GET" || request.method == "HEAD") &&
         base::equals_ignoring_case(value_of(request, "Sec-Fetch-Mode"), "navigate");
}

}  // namespace

std::optional<std::string> refuse_foreign(const base::HttpRequest& request,
                                          std::span<const std::string> allowed_hosts) {
  const auto host = value_of(request, "Host");
  if (!base::host_is_allowed(host, allowed_hosts, /*localhost_subdomains=*/true)) {
    return "The host name `" + std::string(base::host_without_port(host)) +
           "` is not allowed here; allowed_hosts of [console] can list it.";
  }
  if (const auto origin = request.headers.get("Origin"); origin && !is_own_origin(*origin, host)) {
    return "A page of another origin asks.";
  }
  const auto site = value_of(request, "Sec-Fetch-Site");
  if (site.empty() || base::equals_ignoring_case(site, "same-origin") ||
      base::equals_ignoring_case(site, "none") || is_page_load(request)) {
    return std::nullopt;
  }
  return "A page of another site asks.";
}

std::string cookie_name(const base::HttpRequest& request) {
  return "imdsd-console-" + std::to_string(request.local ? request.local->port : 0);
}

std::string_view session_cookie(const base::HttpRequest& request) {
  const std::string wanted = cookie_name(request) + "=";
  for (std::string_view line : request.headers.get_all("Cookie")) {
    while (!line.empty()) {
      const auto end = std::min(line.find(';'), line.size());
      const std::string_view pair = base::trim(line.substr(0, end));
      if (pair.starts_with(wanted)) return pair.substr(wanted.size());
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }
  return {};
}

std::string set_cookie(const base::HttpRequest& request, std::string_view token) {
  std::string line =
      cookie_name(request) + "=" + std::string(token) + "; Path=/; HttpOnly; SameSite=Strict";
  if (token.empty()) line += "; Max-Age=0";
  if (request.secure) line += "; Secure";
  return line;
}

void add_browser_headers(base::HttpHeaders& headers) {
  headers.add("Cache-Control", "no-store");
  headers.add("Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
              "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
              "require-trusted-types-for 'script'");
  headers.add("X-Content-Type-Options", "nosniff");
  headers.add("X-Frame-Options", "DENY");
  headers.add("Referrer-Policy", "no-referrer");
  headers.add("Cross-Origin-Opener-Policy", "same-origin");
  headers.add("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace imdsd::console
