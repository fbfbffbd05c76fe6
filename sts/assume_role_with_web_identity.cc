// SPDX-License-Identifier: MIT
#include "sts/assume_role_with_web_identity.h"

#include <optional>
#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "aws/query_protocol.h"
#include "iam/make_principal.h"
#include "sts/issuer.h"
#include "sts/parameter_rules.h"
#include "sts/role_trust.h"
#include "sts/session_tags.h"
#include "sts/start_session.h"
#include "sts/web_identity.h"
#include "sts/web_identity_input.h"
#include "sts/web_identity_provider.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;

/// Who asks, after the token was verified.
struct Verified {
  WebIdentity identity;
  WebIdentityProvider provider;
  std::string audience;
  SessionTags tags;
};

/// What the provider says about the session must be as the parameters of AssumeRole are.
Outcome<SessionTags> tags_of(const WebIdentity& identity) {
  aws::ParameterCheck check;
  SessionTags::check(identity.tags, identity.transitive_tag_keys, check);
  if (!identity.source_identity.empty()) check.text(kSourceIdentityRule, identity.source_identity);
  auto error = check.error();
  if (!error) {
    auto tags = SessionTags::make(identity.tags, identity.transitive_tag_keys);
    if (tags) return tags;
    error = std::move(tags).error();
  }
  return aws::service_error(403, "IDPRejectedClaim",
                            "A claim of the namespace https://aws.amazon.com/ is not valid: " +
                                error->message.value_or(error->code));
}

Outcome<Verified> verify(const ActionRequest& request, const WebIdentityInput& input) {
  Verified out;
  auto identity = WebIdentity::parse(input.token.claims);
  if (!identity) return tl::unexpected(std::move(identity).error());
  out.identity = *std::move(identity);
  auto provider =
      WebIdentityProvider::find(out.identity.issuer, input.role_arn.account, request.authority);
  if (!provider) return tl::unexpected(std::move(provider).error());
  out.provider = *std::move(provider);
  auto audience = out.provider.audience_of(out.identity);
  if (!audience) return tl::unexpected(std::move(audience).error());
  out.audience = *std::move(audience);
  if (auto signature = out.provider.verify(input.token, request.authority, request.now);
      !signature) {
    return tl::unexpected(std::move(signature).error());
  }
  if (auto error = out.identity.refuse_time(request.now)) {
    return tl::unexpected(*std::move(error));
  }
  auto tags = tags_of(out.identity);
  if (!tags) return tl::unexpected(std::move(tags).error());
  out.tags = *std::move(tags);
  return out;
}

iam::Caller caller_of(const Verified& verified, const WebIdentityInput& input) {
  iam::Caller caller;
  caller.principal.type = iam::PrincipalType::web_identity;
  caller.principal.account = input.role_arn.account;
  caller.principal.name = verified.provider.name;
  return caller;
}

SessionClaims claims_of(const ActionRequest& request, WebIdentityInput& input, Verified& verified,
                        const iam::Role& role) {
  SessionClaims claims = role_session(role, input.session_name, request.now, input.duration);
  std::move(input.policies).limit(claims.session);
  std::move(verified.tags).describe(claims.session);
  claims.session.source_identity = verified.identity.source_identity;
  auto keys = session_keys(verified.identity, verified.provider.prefix, verified.audience);
  keys.emplace("aws:FederatedProvider", std::vector<std::string>{verified.provider.name});
  claims.session.provider_keys = std::move(keys);
  return claims;
}

std::string success_xml(const ActionRequest& request, const StartedSession& started,
                        const iam::Principal& session, const Verified& verified) {
  return aws::answer_xml("AssumeRoleWithWebIdentity", aws::kStsNamespace, request.request_id,
                         [&](base::XmlWriter& xml) {
                           xml.leaf("Audience", verified.audience);
                           write_assumed_role_user(xml, session);
                           xml.leaf("Provider", verified.provider.name);
                           write_credentials(xml, started.credentials);
                           xml.leaf("SubjectFromWebIdentityToken", verified.identity.subject);
                           write_packed_policy_size(xml, started);
                           const std::string& source = verified.identity.source_identity;
                           if (!source.empty()) xml.leaf("SourceIdentity", source);
                         });
}

/// For whom the trust policy admits.
Outcome<std::string> answer_with_session(const ActionRequest& request, const iam::Caller& caller,
                                         WebIdentityInput& input, Verified& verified,
                                         const iam::Role& role) {
  if (auto error = refuse_duration(caller, input.duration, role)) {
    return tl::unexpected(*std::move(error));
  }
  if (auto error = input.policies.refuse_unknown(*request.authority.directory, role.account)) {
    return tl::unexpected(*std::move(error));
  }
  auto started = start_session(claims_of(request, input, verified, role), request);
  if (!started) return tl::unexpected(std::move(started).error());
  return success_xml(
      request, *started,
      iam::role_session_principal(role, input.session_name, request.authority.partition), verified);
}

}  // namespace

ActionAnswer assume_role_with_web_identity(const ActionRequest& request) {
  auto input = WebIdentityInput::parse(request.parameters);
  if (!input) return {tl::unexpected(std::move(input).error())};
  auto verified = verify(request, *input);
  if (!verified) return {tl::unexpected(std::move(verified).error())};

  const iam::Caller caller = caller_of(*verified, *input);
  const auto role = find_role(input->role_arn, request.authority);
  const RoleAssumption assumption{
      .action = "sts:AssumeRoleWithWebIdentity",
      .caller = caller,
      .role_arn = input->role_arn,
      .role = role,
      .session_name = input->session_name,
      .tags = verified->tags,
      .source_identity = verified->identity.source_identity,
      .shared_keys = trust_keys(verified->identity, verified->provider.prefix, verified->audience)};
  ActionAnswer answer{std::string()};
  answer.vouched_for = verified->provider.name + " " + verified->identity.subject;
  if (auto error = refuse_assumption(request, assumption, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  answer.xml = answer_with_session(request, caller, *input, *verified, *role);
  return answer;
}

}  // namespace imdsd::sts
