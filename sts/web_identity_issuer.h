// SPDX-License-Identifier: MIT
// The issuers whose tokens this STS signs: one an account, as AWS has it
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html), and one that
// stands for a Kubernetes cluster. Each has a URL below the daemon's own, and its OpenID Connect
// documents there.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "sts/authority.h"
#include "sts/json_web_key.h"

namespace imdsd::sts {

inline constexpr std::string_view kKubernetesIssuer = "kubernetes";

/// "https://localhost:1343/kubernetes"; `id` is an account's issuer id, or kKubernetesIssuer.
[[nodiscard]] std::string issuer_url(const Authority& authority, std::string_view id);

/// The keys of an issuer that is one of these, which need no fetching; null for any other.
[[nodiscard]] base::Result<std::shared_ptr<const JsonWebKeySet>> own_keys(
    std::string_view issuer, const Authority& authority, base::SystemTime now);

/// The answer to a GET of an issuer's discovery document (OpenID Connect Discovery 1.0 section 4)
/// or its keys; nothing for any other path. 404 for an issuer that there is not.
[[nodiscard]] std::optional<base::HttpResponse> serve_issuer(const base::HttpRequest& request,
                                                             const Authority& authority,
                                                             base::SystemTime now);

/// A service account's token, in the form that Kubernetes projects into pods
/// (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/).
struct ServiceAccountTerms {
  std::string name_space = "default";
  std::string service_account = "default";
  std::string audience = "sts.amazonaws.com";  // what EKS asks for
  std::chrono::seconds duration{std::chrono::hours(1)};
};
inline constexpr std::chrono::seconds kMinServiceAccountToken{std::chrono::minutes(10)};
inline constexpr std::chrono::seconds kMaxServiceAccountToken{std::chrono::hours(24)};

/// Errc::invalid_argument for names that Kubernetes does not take, and durations beyond the two
/// above.
[[nodiscard]] base::Result<base::Secret> service_account_token(const ServiceAccountTerms& terms,
                                                               const Authority& authority,
                                                               base::SystemTime now,
                                                               base::Random& random);

}  // namespace imdsd::sts
