// SPDX-License-Identifier: MIT
#include "sts/assume_role.h"

#include <optional>
#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "aws/query_protocol.h"
#include "iam/make_principal.h"
#include "sts/assume_role_input.h"
#include "sts/issuer.h"
#include "sts/role_trust.h"
#include "sts/start_session.h"

namespace imdsd::sts {
namespace {

using aws::service_error;
using aws::ServiceError;

SessionClaims claims_of(const ActionRequest& request, AssumeRoleInput& input,
                        const iam::Role& role) {
  SessionClaims claims = role_session(role, input.session_name, request.now, input.duration);
  std::move(input.policies).limit(claims.session);
  std::move(input.tags).describe(claims.session);
  claims.session.source_identity = std::move(input.source_identity);
  return claims;
}

std::string success_xml(const ActionRequest& request, const StartedSession& started,
                        const iam::Principal& session, std::string_view source_identity) {
  return aws::answer_xml("AssumeRole", aws::kStsNamespace, request.request_id,
                         [&](base::XmlWriter& xml) {
                           write_assumed_role_user(xml, session);
                           write_credentials(xml, started.credentials);
                           write_packed_policy_size(xml, started);
                           if (!source_identity.empty()) {
                             xml.leaf("SourceIdentity", source_identity);
                           }
                         });
}

/// For a caller who may have the session.
aws::Outcome<std::string> answer_with_session(const ActionRequest& request, AssumeRoleInput& input,
                                              const iam::Role& role) {
  if (auto error = refuse_duration(request.caller, input.duration, role)) {
    return tl::unexpected(*std::move(error));
  }
  if (auto error = input.policies.refuse_unknown(*request.authority.directory, role.account)) {
    return tl::unexpected(*std::move(error));
  }
  const std::string source_identity = input.source_identity;
  auto started = start_session(claims_of(request, input, role), request);
  if (!started) return tl::unexpected(std::move(started).error());
  return success_xml(
      request, *started,
      iam::role_session_principal(role, input.session_name, request.authority.partition),
      source_identity);
}

/// What a session brings along, whether the request names it or not.
std::optional<ServiceError> inherit(const iam::Caller& caller, AssumeRoleInput& input) {
  if (!caller.session) return std::nullopt;
  const std::string& inherited = caller.session->source_identity;
  if (!inherited.empty()) {
    if (!input.source_identity.empty() && input.source_identity != inherited) {
      return ServiceError{400, "ValidationError",
                          "The source identity is already set for this assume role session"};
    }
    input.source_identity = inherited;
  }
  return input.tags.inherit(*caller.session);
}

}  // namespace

ActionAnswer assume_role(const ActionRequest& request) {
  auto input = AssumeRoleInput::parse(request.parameters);
  if (!input) return {tl::unexpected(std::move(input).error())};
  const iam::AuthMode mode = request.authority.mode;
  const bool is_root = request.caller.principal.type == iam::PrincipalType::account_root;
  if (is_root && mode == iam::AuthMode::enforce) {
    return {service_error(403, "AccessDenied", "Roles may not be assumed by root accounts.")};
  }
  if (auto error = inherit(request.caller, *input)) return {tl::unexpected(*std::move(error))};
  const auto role = find_role(input->role_arn, request.authority);
  RoleAssumption assumption{.action = "sts:AssumeRole",
                            .caller = request.caller,
                            .role_arn = input->role_arn,
                            .role = role,
                            .session_name = input->session_name,
                            .tags = input->tags,
                            .source_identity = input->source_identity,
                            .has_contexts = input->contexts.given,
                            .context_providers = input->contexts.provider_arns};
  if (input->mfa.given()) {
    if (auto error = input->mfa.take_code(request)) return {tl::unexpected(*std::move(error))};
    assumption.shared_keys.set("aws:MultiFactorAuthPresent", std::string("true"));
    assumption.shared_keys.set("aws:MultiFactorAuthAge", std::string("0"));
  }
  if (input->external_id) assumption.keys.set("sts:ExternalId", *input->external_id);

  ActionAnswer answer{std::string()};
  if (auto error = refuse_assumption(request, assumption, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  answer.would_deny = answer.would_deny || (is_root && mode == iam::AuthMode::audit);
  answer.xml = answer_with_session(request, *input, *role);
  return answer;
}

}  // namespace imdsd::sts
