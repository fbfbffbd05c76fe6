// SPDX-License-Identifier: MIT
#include "imds/guards.h"

#include "base/codec.h"
#include "base/host_guard.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kHost = "Host";
constexpr std::string_view kOrigin = "Origin";
constexpr std::string_view kFetchSite = "Sec-Fetch-Site";
constexpr std::string_view kForwardedFor = "X-Forwarded-For";

void note(RequestHeaders& seen, const base::HttpHeader& line) {
  const auto is = [&line](std::string_view name) {
    return line.name.size() == name.size() && base::equals_ignoring_case(line.name, name);
  };
  if (is(kTokenHeader)) {
    ++seen.token_lines;
  } else if (is(kTokenTtlHeader)) {
    if (seen.token_ttl_lines++ == 0) seen.token_ttl = line.value;
  } else if (is(kHost)) {
    seen.host = line.value;
  } else if (is(kOrigin)) {
    seen.has_origin = true;
  } else if (is(kFetchSite)) {
    seen.cross_site = seen.cross_site || base::equals_ignoring_case(line.value, "cross-site");
  } else if (is(kForwardedFor)) {
    seen.forwarded = true;
  }
}

}  // namespace

RequestHeaders RequestHeaders::of(const base::HttpHeaders& headers) {
  RequestHeaders seen;
  for (const base::HttpHeader& line : headers.lines()) note(seen, line);
  return seen;
}

std::optional<std::string_view> refusal(const base::HttpRequest& request,
                                        const RequestHeaders& headers,
                                        const MetadataOptions& options) {
  if (!base::host_is_allowed(headers.host, options.allowed_hosts, false)) {
    return "host not allowed";
  }
  if (headers.has_origin) return "sent by a web page";
  if (headers.cross_site) return "sent across sites";
  // Requests without a token pass, as they do on EC2: version 1 proxies have lived on that for
  // years.
  if (headers.forwarded && (request.method == "PUT" || headers.is_v2())) {
    return "token request through a proxy";
  }
  if (!options.http_endpoint_enabled) return "endpoint disabled";
  return std::nullopt;
}

}  // namespace imdsd::imds
