// SPDX-License-Identifier: MIT
#include "base/url.h"

#include <algorithm>
#include <charconv>

#include "base/codec.h"

namespace imdsd::base {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kMaxUrlBytes = 2048;
constexpr std::size_t kMaxHostBytes = 253;

tl::unexpected<Error> bad(std::string_view url, std::string_view what) {
  return fail(Errc::invalid_argument, "URL `" + std::string(url) + "`: " + std::string(what));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Resolvers read a name whose last label is a number as an IPv4 address in one of its old forms.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > kMaxHostBytes || host.front() == '.' || host.front() == '-') {
    return false;
  }
  const auto allowed = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  };
  if (!std::all_of(host.begin(), host.end(), allowed) ||
      host.find("..") != std::string_view::npos) {
    return false;
  }
  const std::string_view whole = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
  const std::string_view last = whole.substr(whole.rfind('.') + 1);
  return !last.empty() && is_letter(last.front());
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end || port == 0 || text.front() == '0') {
    return fail(Errc::invalid_argument, "bad port");
  }
  return port;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  if (text.size() > kMaxUrlBytes) return fail(Errc::invalid_argument, "URL of over 2048 bytes");
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; })) {
    return fail(Errc::invalid_argument, "URL with a character that must be escaped");
  }
  Url url;
  const std::size_t colon = text.find("://");
  const std::string_view scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || (scheme != "https" && scheme != "http")) {
    return bad(text, "does not begin with https:// or http://");
  }
  url.secure = scheme == "https";
  url.port = url.secure ? kHttpsPort : kHttpPort;
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = std::min(rest.find_first_of("/?#\\"), rest.size());
  std::string_view authority = rest.substr(0, slash);
  const std::string_view target = rest.substr(slash);
  if (authority.find('@') != std::string_view::npos) return bad(text, "has user information");
  if (target.find_first_of("#\\") != std::string_view::npos) return bad(text, "has a fragment");
  url.target = target.starts_with('/') ? target : "/" + std::string(target);

  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end =
      bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return bad(text, "has an unclosed bracket");
  url.host = authority.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
  authority.remove_prefix(host_end + (bracketed ? 1 : 0));
  if (!authority.empty()) {
    const auto port = authority.starts_with(':') && authority.size() > 1
                          ? parse_port(authority.substr(1))
                          : fail(Errc::invalid_argument, "bad port");
    if (!port) return bad(text, port.error().message);
    url.port = *port;
  }
  const auto address = IpAddress::parse(url.host);
  if (bracketed ? !(address && url.host.find(':') != std::string::npos)
                : !(address && !address->is_v6()) && !is_host_name(url.host)) {
    return bad(text, "has no valid host");
  }
  return url;
}

std::optional<IpAddress> Url::literal() const {
  const auto address = IpAddress::parse(host);
  if (!address) return std::nullopt;
  return *address;
}

bool Url::is_loopback() const {
  if (const auto address = literal()) return address->is_loopback();
  std::string name = to_lower(host);
  if (name.ends_with('.')) name.pop_back();
  return name == "localhost" || name.ends_with(".localhost");
}

std::string Url::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (secure ? kHttpsPort : kHttpPort)) out += ":" + std::to_string(port);
  return out;
}

}  // namespace imdsd::base
