// SPDX-License-Identifier: MIT
#include "daemon/oidc_fetcher.h"

#include <utility>

#include "base/log.h"
#include "http/client.h"
#include "http/client_connection.h"
#include "sts/openid_configuration.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::fail_in;
using base::Result;

}  // namespace

/// The documents of one issuer, within one time.
class HttpOidcFetcher::Exchange {
 public:
  Exchange(const HttpOidcFetcher& fetcher, const std::vector<std::string>& thumbprints)
      : fetcher_(fetcher), thumbprints_(thumbprints) {
    rules_.private_ranges = fetcher.private_ranges_;
  }

  Result<sts::JsonWebKeySet> run(const std::string& issuer) {
    IMDSD_TRY(const base::Url issuer_url, base::Url::parse(issuer));
    rules_.loopback = issuer_url.is_loopback();
    IMDSD_TRY(const std::string document, get(sts::openid_configuration_url(issuer)));
    IMDSD_TRY(const auto configuration, sts::OpenidConfiguration::parse(document));
    if (configuration.issuer != issuer) {
      return fail(Errc::invalid_argument,
                  "the discovery document is of issuer `" + configuration.issuer + "`");
    }
    IMDSD_TRY(const std::string keys, get(configuration.jwks_uri));
    IMDSD_TRY(auto set, sts::JsonWebKeySet::parse(keys));
    if (!set.keys.empty()) return set;
    return fail(Errc::invalid_argument,
                "the key set has no key for signatures" +
                    (set.ignored.empty() ? "" : " (" + set.ignored.front() + ")"));
  }

 private:
  Result<std::string> get(const std::string& text) {
    auto body = get_checked(text);
    if (!body) return fail_in("`" + text + "`", std::move(body).error());
    return body;
  }

  Result<std::string> get_checked(const std::string& text) {
    IMDSD_TRY(const base::Url url, base::Url::parse(text));
    IMDSD_TRY_VOID(check_fetch_scheme(url));
    IMDSD_TRY(const auto addresses, addresses_of(url));
    base::Error failure{Errc::unavailable, "timed out"};
    for (const base::IpAddress& address : addresses) {
      if (countdown_.left().count() == 0) break;
      auto response = send(url, {address, url.port});
      if (response) return body_of(*std::move(response));
      failure = std::move(response).error();
      // Another address may be reachable; no other reason is worth a second attempt.
      if (failure.code != Errc::unavailable) break;
    }
    return tl::unexpected(std::move(failure));
  }

  /// All of them are good, or none is used: a name that has an address inside beside one outside
  /// is an attack, or broken.
  Result<std::vector<base::IpAddress>> addresses_of(const base::Url& url) {
    std::vector<base::IpAddress> addresses;
    if (const auto literal = url.literal()) {
      addresses.push_back(*literal);
    } else {
      IMDSD_TRY(addresses, fetcher_.resolve_(url.host, countdown_.left()));
    }
    for (const base::IpAddress& address : addresses) {
      IMDSD_TRY_VOID(check_fetch_address(address, url, rules_));
    }
    return addresses;
  }

  Result<base::HttpResponse> send(const base::Url& url, const base::SocketAddress& address) {
    const auto client =
        url.secure ? http::make_tls_client(address, {fetcher_.trust_, url.host, thumbprints_})
                   : http::make_client(address);
    base::HttpClient::Request request;
    request.target = url.target;
    request.headers.add("Host", url.authority());
    request.headers.add("User-Agent", "imdsd/" IMDSD_VERSION);
    request.headers.add("Accept", "application/json");
    request.timeout = countdown_.left();
    request.max_response_bytes = kMaxBytes;
    return client->send(request);
  }

  static Result<std::string> body_of(base::HttpResponse response) {
    if (response.status == 200) return std::move(response.body);
    const std::string status = "answered " + std::to_string(response.status);
    if (response.status >= 500) return fail(Errc::unavailable, status);
    const bool redirects = response.status >= 300 && response.status < 400;
    return fail(Errc::invalid_argument,
                status + (redirects ? ", and redirects are not followed" : ""));
  }

  const HttpOidcFetcher& fetcher_;
  const std::vector<std::string>& thumbprints_;
  FetchRules rules_;
  const http::Countdown countdown_{kTimeout};
};

HttpOidcFetcher::HttpOidcFetcher(std::vector<iam::Cidr> private_ranges, base::TlsTrust trust,
                                 Resolve resolve)
    : private_ranges_(std::move(private_ranges)),
      trust_(std::move(trust)),
      resolve_(std::move(resolve)) {}

Result<sts::JsonWebKeySet> HttpOidcFetcher::fetch(const std::string& issuer,
                                                  const std::vector<std::string>& thumbprints) {
  auto keys = Exchange(*this, thumbprints).run(issuer);
  if (!keys) {
    base::log_warn("no keys of an OpenID Connect issuer",
                   {{"issuer", issuer}, {"error", keys.error().message}});
    return keys;
  }
  base::log_info("keys of an OpenID Connect issuer fetched",
                 {{"issuer", issuer}, {"keys", keys->keys.size()}});
  return keys;
}

}  // namespace imdsd::daemon
