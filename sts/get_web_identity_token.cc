// SPDX-License-Identifier: MIT
#include "sts/get_web_identity_token.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "aws/answer_xml.h"
#include "aws/ids.h"
#include "aws/time_format.h"
#include "base/utf8.h"
#include "iam/caller_keys.h"
#include "sts/authorize_action.h"
#include "sts/parameter_rules.h"
#include "sts/session_tags.h"
#include "sts/signing_keys.h"
#include "sts/web_identity_issuer.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxAudiences = 10;
constexpr DurationRule kDuration{.fallback = std::chrono::minutes(5),
                                 .min = std::chrono::minutes(1),
                                 .max = std::chrono::hours(1)};
constexpr std::array<std::string_view, 2> kAlgorithms{"RS256", "ES384"};
/// AWS tells no limit; AssumeRoleWithWebIdentity takes tokens of so many characters.
constexpr std::size_t kMaxTokenBytes = 20'000;

struct Input {
  std::vector<std::string> audiences;
  std::string algorithm;
  std::chrono::seconds duration{};
  SessionTags tags;

  static Outcome<Input> parse(const aws::QueryParameters& parameters);
};

void check_audiences(const std::vector<std::string>& audiences, aws::ParameterCheck& check) {
  aws::TextRule rule{.member = "audience",
                     .required = true,
                     .min_length = 1,
                     .max_length = 1000,
                     .pattern = "",
                     .matches = base::is_valid_utf8};
  if (audiences.empty()) check.text(rule, std::nullopt);
  if (audiences.size() > kMaxAudiences) check.longer_than("audience", kMaxAudiences);
  for (std::size_t i = 0; i < audiences.size(); ++i) {
    const std::string member = "audience." + std::to_string(i + 1) + ".member";
    rule.member = member;
    check.text(rule, audiences[i]);
  }
}

Outcome<Input> Input::parse(const aws::QueryParameters& parameters) {
  Input input;
  aws::ParameterCheck check;
  for (const auto& member : parameters.list("Audience")) {
    input.audiences.emplace_back(member.get("").value_or(""));
  }
  check_audiences(input.audiences, check);
  const auto algorithm = parameters.get("SigningAlgorithm");
  if (algorithm) {
    check.one_of("signingAlgorithm", *algorithm, kAlgorithms);
    input.algorithm = *algorithm;
  } else {
    check.text({.member = "signingAlgorithm",
                .required = true,
                .min_length = 5,
                .max_length = 5,
                .pattern = "",
                .matches = base::is_valid_utf8},
               std::nullopt);
  }
  const auto duration = read_duration(parameters, kDuration, check);
  SessionTags::check(parameters, check);
  if (auto error = check.error()) return tl::unexpected(*std::move(error));
  if (!duration) return tl::unexpected(duration.error());
  input.duration = *duration;
  auto tags = SessionTags::parse(parameters);
  if (!tags) return tl::unexpected(std::move(tags).error());
  input.tags = *std::move(tags);
  return input;
}

std::optional<ServiceError> authorize(const ActionRequest& request, const Input& input,
                                      ActionAnswer& answer) {
  OwnAction action{.name = "sts:GetWebIdentityToken"};
  input.tags.add_request_keys(action.keys);
  action.keys.set("sts:IdentityTokenAudience", input.audiences);
  action.keys.set("sts:SigningAlgorithm", input.algorithm);
  action.keys.set("sts:DurationSeconds", std::to_string(input.duration.count()));
  if (auto error = refuse_action(request, action, answer)) return error;
  if (input.tags.empty() || answer.would_deny) return std::nullopt;
  action.name = "sts:TagGetWebIdentityToken";
  return refuse_action(request, action, answer);
}

/// The issuer of the caller's account. Empty: it has not enabled the federation.
std::string issuer_of(const ActionRequest& request) {
  const std::string& id = request.caller.principal.account;
  const auto account = request.authority.directory->all<iam::Account>().find(id, id);
  if (!account || !account->outbound_federation) return {};
  return issuer_url(request.authority, account->issuer_id);
}

/// What aws:PrincipalTag/* would be in a decision about the caller.
Json principal_tags(const ActionRequest& request) {
  constexpr std::string_view kPrefix = "aws:PrincipalTag/";
  iam::ConditionKeys keys;
  iam::add_caller_keys(request.caller, request.now, keys);
  iam::add_entity_tags(request.caller, *request.authority.directory, keys);
  Json tags = Json::object();
  for (const auto& [key, values] : keys.all()) {
    const std::string name(key);
    if (name.starts_with(kPrefix) && !values.empty()) tags[name.substr(kPrefix.size())] = values[0];
  }
  return tags;
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html
Json aws_claims(const ActionRequest& request, SessionTags tags) {
  const iam::Principal& principal = request.caller.principal;
  Json claims = {{"aws_account", principal.account}, {"source_region", request.region}};
  claims["principal_id"] = principal.entity_arn;
  if (Json own = principal_tags(request); !own.empty()) claims["principal_tags"] = std::move(own);
  if (const auto& session = request.caller.session) {
    claims["original_session_exp"] = aws::format_iso8601(session->expiration);
    if (!session->source_identity.empty()) claims["source_identity"] = session->source_identity;
    if (!session->source_instance_arn.empty()) {
      claims["ec2_source_instance_arn"] = session->source_instance_arn;
    }
    const auto provider = session->provider_keys.find("aws:FederatedProvider");
    if (provider != session->provider_keys.end() && !provider->second.empty()) {
      claims["federated_provider"] = provider->second.front();
    }
  }
  iam::Session requested;
  std::move(tags).describe(requested);
  if (!requested.tags.empty()) claims["request_tags"] = requested.tags;
  return claims;
}

std::int64_t seconds_of(base::SystemTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string claims_json(const ActionRequest& request, Input& input, const std::string& issuer) {
  Json claims = {{"iss", issuer}, {"sub", request.caller.principal.entity_arn}};
  if (input.audiences.size() == 1) {
    claims["aud"] = input.audiences.front();
  } else {
    claims["aud"] = input.audiences;
  }
  claims["iat"] = seconds_of(request.now);
  claims["exp"] = seconds_of(request.now + input.duration);
  claims["jti"] = aws::make_uuid(request.random);
  claims["https://sts.amazonaws.com/"] = aws_claims(request, std::move(input.tags));
  return claims.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Outcome<std::string> make_token(const ActionRequest& request, Input& input) {
  const std::string issuer = issuer_of(request);
  if (issuer.empty()) {
    return aws::service_error(403, "OutboundWebIdentityFederationDisabledException",
                              "Outbound web identity federation is not enabled for account " +
                                  request.caller.principal.account +
                                  ". Enable it with iam:EnableOutboundWebIdentityFederation.");
  }
  const auto& session = request.caller.session;
  if (session && request.now + input.duration > session->expiration) {
    return aws::service_error(403, "SessionDurationEscalationException",
                              "The requested token duration would extend the session beyond its "
                              "original expiration time.");
  }
  const auto keys = request.authority.signing_keys->keys(request.now);
  const auto* const key =
      keys ? (*keys)->signer(*base::find_signature_algorithm(input.algorithm), request.now)
           : nullptr;
  if (key == nullptr) {
    return aws::service_error(500, "InternalFailure",
                              keys ? "no signing key" : keys.error().message);
  }
  std::string token = sign_token(*key, claims_json(request, input, issuer));
  if (token.size() > kMaxTokenBytes) {
    return aws::service_error(400, "JWTPayloadSizeExceededException",
                              "The requested token payload size exceeds the maximum allowed size.");
  }
  return token;
}

}  // namespace

ActionAnswer get_web_identity_token(const ActionRequest& request) {
  auto input = Input::parse(request.parameters);
  if (!input) return {tl::unexpected(std::move(input).error())};
  ActionAnswer answer{std::string()};
  if (auto error = authorize(request, *input, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  const base::SystemTime expiration = request.now + input->duration;
  const auto token = make_token(request, *input);
  if (!token) {
    answer.xml = tl::unexpected(token.error());
    return answer;
  }
  answer.xml = aws::answer_xml(
      "GetWebIdentityToken", aws::kStsNamespace, request.request_id, [&](base::XmlWriter& xml) {
        xml.leaf("WebIdentityToken", *token).leaf("Expiration", aws::format_iso8601(expiration));
      });
  return answer;
}

}  // namespace imdsd::sts
