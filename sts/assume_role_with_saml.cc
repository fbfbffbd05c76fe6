// SPDX-License-Identifier: MIT
#include "sts/assume_role_with_saml.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "iam/make_principal.h"
#include "saml/response.h"
#include "sts/issuer.h"
#include "sts/parameter_rules.h"
#include "sts/role_trust.h"
#include "sts/saml_claims.h"
#include "sts/saml_keys.h"
#include "sts/session_policies.h"
#include "sts/start_session.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;

struct Input {
  aws::Arn role_arn;
  std::string provider_arn;
  std::string_view assertion;  // of the parameters
  std::chrono::seconds duration{};
  SessionPolicies policies;

  static Outcome<Input> parse(const aws::QueryParameters& parameters);
};

/// Who asks, after the response was verified.
struct Verified {
  std::shared_ptr<const iam::SamlProvider> provider;
  saml::Identity identity;
  SamlClaims claims;
};

bool is_provider_arn(std::string_view text) {
  const auto arn = aws::Arn::parse(text);
  return arn && arn->service == "iam" && arn->resource.starts_with("saml-provider/");
}

Outcome<Input> Input::parse(const aws::QueryParameters& parameters) {
  const auto role_arn = parameters.get("RoleArn");
  const auto provider_arn = parameters.get("PrincipalArn");
  const auto assertion = parameters.get("SAMLAssertion");
  aws::ParameterCheck check;
  check.text(kRoleArnRule, role_arn);
  check.text(kPrincipalArnRule, provider_arn);
  check.text(kSamlAssertionRule, assertion);
  const auto duration = read_duration(parameters, kRoleDuration, check);
  SessionPolicies::check(parameters, check);
  if (auto error = check.error()) return tl::unexpected(*std::move(error));
  auto arn = parse_role_arn(*role_arn);
  if (!arn) return tl::unexpected(std::move(arn).error());
  if (!is_provider_arn(*provider_arn)) {
    return aws::service_error(400, "ValidationError", "Request ARN is invalid");
  }
  if (!duration) return tl::unexpected(duration.error());
  auto policies = SessionPolicies::parse(parameters);
  if (!policies) return tl::unexpected(std::move(policies).error());
  return Input{*std::move(arn), std::string(*provider_arn), *assertion, *duration,
               *std::move(policies)};
}

/// As STS passes on what the service behind it says of providers.
ServiceError discovery_error(const std::string& message, const char* code,
                             std::string_view request_id) {
  return {400, "InvalidIdentityToken",
          message + " (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: " + code +
              "; Request ID: " + std::string(request_id) + "; Proxy: null)"};
}

ServiceError error_of(const saml::Refusal& refusal, std::string_view request_id) {
  switch (refusal.reason) {
    case saml::Refusal::Reason::unreadable:
      return discovery_error(refusal.message, "AuthSamlInvalidSamlResponseException", request_id);
    case saml::Refusal::Reason::invalid:
      break;
    case saml::Refusal::Reason::expired:
      return {400, "ExpiredTokenException", refusal.message};
    case saml::Refusal::Reason::rejected:
      return {403, "IDPRejectedClaim", refusal.message};
  }
  return {400, "InvalidIdentityToken", refusal.message};
}

Outcome<Verified> verify(const ActionRequest& request, const Input& input) {
  auto provider = request.authority.directory->find_by_id<iam::SamlProvider>(input.provider_arn);
  if (!provider) {
    return tl::unexpected(discovery_error("Specified provider doesn't exist",
                                          "AuthSamlManifestNotFoundException", request.request_id));
  }
  if (!provider->parsed_metadata) {
    return aws::service_error(400, "InvalidIdentityToken",
                              "Response signature invalid: the metadata of the provider cannot be "
                              "read; update the provider");
  }
  auto identity = saml::verify_response(input.assertion, *provider->parsed_metadata, provider->uuid,
                                        request.now);
  if (!identity) return tl::unexpected(error_of(identity.error(), request.request_id));
  auto claims = SamlClaims::parse(*identity, input.role_arn.to_string(), input.provider_arn);
  if (!claims) return tl::unexpected(std::move(claims).error());
  return Verified{std::move(provider), std::move(*identity), *std::move(claims)};
}

iam::Caller caller_of(const Verified& verified) {
  iam::Caller caller;
  caller.principal.type = iam::PrincipalType::saml;
  caller.principal.account = verified.provider->account;
  caller.principal.name = verified.provider->unique_id;
  caller.principal.user_id =
      name_qualifier(verified.identity, *verified.provider) + ":" + verified.identity.subject;
  return caller;
}

/// Null for a role that no SAML provider may be asked for: of another account, or of IAM Identity
/// Center.
std::shared_ptr<const iam::Role> find_federated_role(const ActionRequest& request,
                                                     const Input& input, const Verified& verified) {
  auto role = find_role(input.role_arn, request.authority);
  if (!role || role->account != verified.provider->account) return nullptr;
  if (role->name.starts_with("AWSReservedSSO_")) return nullptr;
  return role;
}

/// What was asked for, unless the assertion shortens it.
std::chrono::seconds lifetime_of(const ActionRequest& request, const Input& input,
                                 const Verified& verified) {
  std::chrono::seconds lifetime = input.duration;
  if (verified.claims.duration) lifetime = std::min(lifetime, *verified.claims.duration);
  if (const auto end = verified.identity.session_not_on_or_after) {
    using std::chrono::floor;
    using std::chrono::seconds;
    const auto left = floor<seconds>(*end) - floor<seconds>(request.now);
    lifetime = std::min(lifetime, std::chrono::duration_cast<seconds>(left));
  }
  return lifetime;
}

SessionClaims claims_of(const ActionRequest& request, Input& input, Verified& verified,
                        const iam::Role& role) {
  SessionClaims claims = role_session(role, verified.claims.session_name, request.now,
                                      lifetime_of(request, input, verified));
  std::move(input.policies).limit(claims.session);
  std::move(verified.claims.tags).describe(claims.session);
  claims.session.source_identity = verified.claims.source_identity;
  claims.session.provider_keys = saml_session_keys(verified.identity, *verified.provider);
  return claims;
}

std::string success_xml(const ActionRequest& request, const StartedSession& started,
                        const iam::Principal& session, const Verified& verified) {
  const saml::Identity& identity = verified.identity;
  return aws::answer_xml(
      "AssumeRoleWithSAML", aws::kStsNamespace, request.request_id, [&](base::XmlWriter& xml) {
        xml.leaf("Issuer", identity.issuer);
        write_assumed_role_user(xml, session);
        write_credentials(xml, started.credentials);
        xml.leaf("Audience", identity.recipient).leaf("SubjectType", identity.subject_type);
        write_packed_policy_size(xml, started);
        xml.leaf("NameQualifier", name_qualifier(identity, *verified.provider));
        const std::string& source_identity = verified.claims.source_identity;
        if (!source_identity.empty()) xml.leaf("SourceIdentity", source_identity);
        xml.leaf("Subject", identity.subject);
      });
}

/// For whom the trust policy admits.
Outcome<std::string> answer_with_session(const ActionRequest& request, const iam::Caller& caller,
                                         Input& input, Verified& verified, const iam::Role& role) {
  if (auto error = refuse_duration(caller, input.duration, role)) {
    return tl::unexpected(*std::move(error));
  }
  if (auto error = input.policies.refuse_unknown(*request.authority.directory, role.account)) {
    return tl::unexpected(*std::move(error));
  }
  auto started = start_session(claims_of(request, input, verified, role), request);
  if (!started) return tl::unexpected(std::move(started).error());
  const auto session =
      iam::role_session_principal(role, verified.claims.session_name, request.authority.partition);
  return success_xml(request, *started, session, verified);
}

}  // namespace

ActionAnswer assume_role_with_saml(const ActionRequest& request) {
  auto input = Input::parse(request.parameters);
  if (!input) return {tl::unexpected(std::move(input).error())};
  auto verified = verify(request, *input);
  if (!verified) return {tl::unexpected(std::move(verified).error())};
  const iam::Caller caller = caller_of(*verified);
  const auto role = find_federated_role(request, *input, *verified);
  const RoleAssumption assumption{
      .action = "sts:AssumeRoleWithSAML",
      .caller = caller,
      .role_arn = input->role_arn,
      .role = role,
      .session_name = verified->claims.session_name,
      .tags = verified->claims.tags,
      .source_identity = verified->claims.source_identity,
      .shared_keys = saml_trust_keys(verified->identity, *verified->provider)};
  ActionAnswer answer{std::string()};
  answer.vouched_for = input->provider_arn + " " + verified->identity.subject;
  if (auto error = refuse_assumption(request, assumption, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  answer.xml = answer_with_session(request, caller, *input, *verified, *role);
  return answer;
}

}  // namespace imdsd::sts
