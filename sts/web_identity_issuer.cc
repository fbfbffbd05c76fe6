// SPDX-License-Identifier: MIT
#include "sts/web_identity_issuer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/ids.h"
#include "base/log.h"
#include "iam/entities.h"
#include "sts/signing_keys.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::HttpResponse;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr std::string_view kDiscovery = "/.well-known/openid-configuration";
constexpr std::string_view kKeySet = "/.well-known/jwks.json";

bool exists(std::string_view id, const Authority& authority) {
  if (id == kKubernetesIssuer) return true;
  bool found = false;
  authority.directory->all<iam::Account>().visit_all(
      [&](const std::shared_ptr<const iam::Account>& account) {
        found = account->issuer_id == id;
        return !found;
      });
  return found && !id.empty();
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

std::string discovery_json(const std::string& issuer) {
  return Json{{"issuer", issuer},
              {"jwks_uri", issuer + std::string(kKeySet)},
              {"response_types_supported", {"id_token"}},
              {"subject_types_supported", {"public"}},
              {"id_token_signing_alg_values_supported", {"RS256", "ES384"}},
              {"claims_supported", {"aud", "exp", "iat", "iss", "jti", "sub"}}}
             .dump() +
         "\n";
}

HttpResponse key_set(const Authority& authority, base::SystemTime now) {
  const auto keys = authority.signing_keys->keys(now);
  if (keys) return json_response(200, key_set_json(**keys));
  base::log_error("no signing keys", {{"error", keys.error().message}});
  return json_response(500, "{\"error\":\"no signing keys\"}\n");
}

/// A name of Kubernetes: RFC 1123's label, or labels with dots between them.
bool is_kubernetes_name(std::string_view name, std::size_t most, bool dots) {
  const auto is_edge = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= most && is_edge(name.front()) && is_edge(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_edge(c) || c == '-' || (dots && c == '.'); });
}

Result<void> check(const ServiceAccountTerms& terms) {
  constexpr std::size_t kMaxAudience = 1000;
  if (!is_kubernetes_name(terms.name_space, 63, false)) {
    return base::fail(Errc::invalid_argument, "`" + terms.name_space + "` is no namespace");
  }
  if (!is_kubernetes_name(terms.service_account, 253, true)) {
    return base::fail(Errc::invalid_argument,
                      "`" + terms.service_account + "` is no name of a service account");
  }
  if (terms.audience.empty() || terms.audience.size() > kMaxAudience) {
    return base::fail(Errc::invalid_argument, "an audience has 1 to 1000 characters");
  }
  if (terms.duration < kMinServiceAccountToken || terms.duration > kMaxServiceAccountToken) {
    return base::fail(Errc::invalid_argument, "a token lasts 10m to 24h");
  }
  return {};
}

std::int64_t seconds_of(base::SystemTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string issuer_url(const Authority& authority, std::string_view id) {
  return authority.issuer_url + "/" + std::string(id);
}

Result<std::shared_ptr<const JsonWebKeySet>> own_keys(std::string_view issuer,
                                                      const Authority& authority,
                                                      base::SystemTime now) {
  const std::string& url = authority.issuer_url;
  const bool is_below = !url.empty() && issuer.starts_with(url) && issuer.size() > url.size() &&
                        issuer[url.size()] == '/';
  if (!is_below || !authority.signing_keys || !exists(issuer.substr(url.size() + 1), authority)) {
    return std::shared_ptr<const JsonWebKeySet>();
  }
  IMDSD_TRY(const auto keys, authority.signing_keys->keys(now));
  return keys->public_keys();
}

std::optional<HttpResponse> serve_issuer(const base::HttpRequest& request,
                                         const Authority& authority, base::SystemTime now) {
  const std::string_view path = request.path();
  const bool discovery = path.ends_with(kDiscovery);
  if (!discovery && !path.ends_with(kKeySet)) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  std::string_view id = path.substr(0, path.size() - (discovery ? kDiscovery : kKeySet).size());
  if (id.starts_with('/')) id.remove_prefix(1);
  if (!exists(id, authority)) {
    return json_response(404, "{\"error\":\"there is no such issuer\"}\n");
  }
  auto response = discovery ? json_response(200, discovery_json(issuer_url(authority, id)))
                            : key_set(authority, now);
  // A key is published a day before it signs: so old a copy knows every key in use.
  if (response.status == 200) response.headers.add("Cache-Control", "public, max-age=3600");
  return response;
}

Result<base::Secret> service_account_token(const ServiceAccountTerms& terms,
                                           const Authority& authority, base::SystemTime now,
                                           base::Random& random) {
  IMDSD_TRY_VOID(check(terms));
  IMDSD_TRY(const auto keys, authority.signing_keys->keys(now));
  const auto* const key = keys->signer(base::SignatureAlgorithm::rs256, now);
  if (key == nullptr) return base::fail(Errc::internal, "no signing key");
  const Json claims = {
      {"aud", {terms.audience}},
      {"exp", seconds_of(now + terms.duration)},
      {"iat", seconds_of(now)},
      {"iss", issuer_url(authority, kKubernetesIssuer)},
      {"jti", aws::make_uuid(random)},
      {"kubernetes.io",
       {{"namespace", terms.name_space},
        {"serviceaccount", {{"name", terms.service_account}, {"uid", aws::make_uuid(random)}}}}},
      {"nbf", seconds_of(now)},
      {"sub", "system:serviceaccount:" + terms.name_space + ":" + terms.service_account}};
  return base::Secret(sign_token(*key, claims.dump()));
}

}  // namespace imdsd::sts
