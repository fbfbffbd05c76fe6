// SPDX-License-Identifier: MIT
#include "daemon/oidc_keys.h"

#include <algorithm>
#include <utility>

#include "daemon/oidc_fetcher.h"
#include "http/resolver.h"
#include "sts/oidc_key_cache.h"

namespace imdsd::daemon {
namespace {

/// Where nothing may be fetched.
class NoFetcher final : public sts::OidcFetcher {
 public:
  base::Result<sts::JsonWebKeySet> fetch(const std::string& issuer,
                                         const std::vector<std::string>&) override {
    return base::fail(base::Errc::not_found, "issuer `" + issuer + "` is not fetched from");
  }
};

/// A cache, and the fetcher that it asks.
class OidcKeys final : public sts::OidcKeySource {
 public:
  OidcKeys(const base::Clock& clock, std::unique_ptr<sts::OidcFetcher> fetcher,
           sts::OidcKeyCache::Rules rules)
      : fetcher_(std::move(fetcher)), cache_(clock, *fetcher_, std::move(rules)) {}

  base::Result<std::shared_ptr<const sts::JsonWebKeySet>> find(const Request& request) override {
    return cache_.find(request);
  }

 private:
  const std::unique_ptr<sts::OidcFetcher> fetcher_;
  sts::OidcKeyCache cache_;
};

}  // namespace

std::shared_ptr<sts::OidcKeySource> make_oidc_keys(const StsConfig& config,
                                                   const base::Clock& clock,
                                                   std::size_t worker_threads) {
  sts::OidcKeyCache::Rules rules;
  for (const auto& issuer : config.oidc_issuers) rules.given.emplace(issuer.url, issuer.keys);
  rules.listed = {config.oidc_fetch.begin(), config.oidc_fetch.end()};
  rules.max_waiting = std::max<std::size_t>(worker_threads / 2, 1);
  std::unique_ptr<sts::OidcFetcher> fetcher = std::make_unique<NoFetcher>();
  if (config.tls_trust) {
    fetcher = std::make_unique<HttpOidcFetcher>(config.oidc_private_ranges, *config.tls_trust,
                                                http::resolve);
  }
  return std::make_shared<OidcKeys>(clock, std::move(fetcher), std::move(rules));
}

}  // namespace imdsd::daemon
