// SPDX-License-Identifier: MIT
#include "saml/sign_in_endpoint.h"

#include <algorithm>
#include <array>

namespace imdsd::saml {
namespace {

constexpr std::array<std::string_view, 3> kHosts{"signin.aws.amazon.com", "signin.amazonaws.cn",
                                                 "signin.amazonaws-us-gov.com"};
constexpr std::array<std::string_view, 4> kAudiences{
    "urn:amazon:webservices", "urn:amazon:webservices:cn-north-1",
    "urn:amazon:webservices:cn-northwest-1", "urn:amazon:webservices:govcloud"};

bool is_region(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_sign_in_host(std::string_view host) {
  return std::any_of(kHosts.begin(), kHosts.end(), [&](std::string_view known) {
    if (!host.ends_with(known)) return false;
    const std::string_view rest = host.substr(0, host.size() - known.size());
    return rest.empty() || (rest.ends_with('.') && is_region(rest.substr(0, rest.size() - 1)));
  });
}

}  // namespace

bool is_sign_in_endpoint(std::string_view url, std::string_view provider_uuid) {
  constexpr std::string_view kScheme = "https://";
  constexpr std::string_view kPath = "/saml";
  constexpr std::string_view kOwnPath = "/saml/acs/";
  if (!url.starts_with(kScheme)) return false;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  if (!is_sign_in_host(url.substr(0, slash))) return false;
  const std::string_view path = url.substr(slash);
  if (path == kPath) return true;
  return !provider_uuid.empty() && path.starts_with(kOwnPath) &&
         path.substr(kOwnPath.size()) == provider_uuid;
}

bool is_aws_audience(std::string_view audience, std::string_view provider_uuid) {
  return std::find(kAudiences.begin(), kAudiences.end(), audience) != kAudiences.end() ||
         is_sign_in_endpoint(audience, provider_uuid);
}

}  // namespace imdsd::saml
