// SPDX-License-Identifier: MIT
#include "gateway/browser_guard.h"

#include <algorithm>
#include <string_view>

#include "aws/sigv4_authorization.h"
#include "base/codec.h"
#include "base/host_guard.h"

namespace imdsd::gateway {
namespace {

bool is_below(std::string_view host, std::span<const std::string> domains) {
  const std::string name = base::to_lower(base::host_without_port(host));
  return std::any_of(domains.begin(), domains.end(), [&name](const std::string& domain) {
    return name == domain || name.ends_with("." + domain);
  });
}

}  // namespace

std::optional<aws::ServiceError> refuse_browsers(const base::HttpRequest& request,
                                                 std::span<const std::string> allowed_hosts,
                                                 std::span<const std::string> domains,
                                                 iam::AuthMode mode) {
  const auto host = request.headers.get("host").value_or("");
  if (!base::host_is_allowed(host, allowed_hosts, /*localhost_subdomains=*/true) &&
      !is_below(host, domains)) {
    return aws::ServiceError{403, "AccessDenied",
                             "The host name `" + std::string(base::host_without_port(host)) +
                                 "` is not allowed here; allowed_hosts of [aws] can list it."};
  }
  const auto site = request.headers.get("sec-fetch-site");
  const bool cross_site = site && base::equals_ignoring_case(*site, "cross-site");
  if (!cross_site && !request.headers.has("origin")) return std::nullopt;
  if (mode == iam::AuthMode::enforce && aws::is_signed(request)) return std::nullopt;
  return aws::ServiceError{403, "AccessDenied",
                           "A web page may send signed requests only, and only while auth.mode "
                           "is `enforce`."};
}

}  // namespace imdsd::gateway
