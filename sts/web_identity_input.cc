// SPDX-License-Identifier: MIT
#include "sts/web_identity_input.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "sts/parameter_rules.h"
#include "sts/role_trust.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::service_error;

constexpr std::int32_t kMinDuration = 900;
constexpr std::int32_t kMaxDuration = 43'200;

/// Providers of OAuth 2.0 access tokens, which are asked about each of them
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
Outcome<void> refuse_access_token(std::optional<std::string_view> provider) {
  if (!provider) return {};
  if (*provider != "www.amazon.com" && *provider != "graph.facebook.com") return {};
  return service_error(400, "InvalidIdentityToken",
                       "ProviderId " + std::string(*provider) +
                           " goes with OAuth 2.0 access tokens, which are not supported here: "
                           "leave it out and pass an OpenID Connect ID token");
}

Outcome<JsonWebToken> parse_token(std::string_view text) {
  auto token = JsonWebToken::parse(text);
  if (token) return *std::move(token);
  return service_error(400, "InvalidIdentityToken",
                       "The ID Token provided is not a valid JWT. (You may see this error if you "
                       "sent an Access Token): " +
                           token.error().message);
}

}  // namespace

Outcome<WebIdentityInput> WebIdentityInput::parse(const aws::QueryParameters& parameters) {
  const auto role_arn = parameters.get("RoleArn");
  const auto session_name = parameters.get("RoleSessionName");
  const auto token_text = parameters.get("WebIdentityToken");
  const auto provider = parameters.get("ProviderId");
  const auto duration_text = parameters.get("DurationSeconds");
  Outcome<std::int32_t> duration = 3600;
  if (duration_text) duration = aws::parse_integer(*duration_text);

  aws::ParameterCheck check;
  check.text(kRoleArnRule, role_arn);
  check.text(kRoleSessionNameRule, session_name);
  check.text(kWebIdentityTokenRule, token_text);
  check.text(kProviderIdRule, provider);
  if (duration) check.range("durationSeconds", *duration, kMinDuration, kMaxDuration);
  SessionPolicies::check(parameters, check);
  if (auto error = check.error()) return tl::unexpected(*std::move(error));
  auto arn = parse_role_arn(*role_arn);
  if (!arn) return tl::unexpected(std::move(arn).error());
  if (!duration) return tl::unexpected(std::move(duration).error());
  auto policies = SessionPolicies::parse(parameters);
  if (!policies) return tl::unexpected(std::move(policies).error());
  if (auto oidc = refuse_access_token(provider); !oidc) {
    return tl::unexpected(std::move(oidc).error());
  }
  auto token = parse_token(*token_text);
  if (!token) return tl::unexpected(std::move(token).error());

  WebIdentityInput input;
  input.role_arn = *std::move(arn);
  input.session_name = *session_name;
  input.duration = std::chrono::seconds(*duration);
  input.policies = *std::move(policies);
  input.token = *std::move(token);
  return input;
}

}  // namespace imdsd::sts
