// SPDX-License-Identifier: MIT
#include "sts/assume_role_input.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "sts/parameter_rules.h"
#include "sts/role_trust.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;

constexpr std::size_t kMaxContexts = 5;

/// By the API model.
ContextInput read_contexts(const aws::QueryParameters& parameters, aws::ParameterCheck& check) {
  ContextInput out;
  const auto contexts = parameters.list("ProvidedContexts");
  if (contexts.size() > kMaxContexts) check.longer_than("providedContexts", kMaxContexts);
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    const std::string at = "providedContexts." + std::to_string(i + 1) + ".member.";
    const std::string provider = at + "providerArn";
    const std::string assertion = at + "contextAssertion";
    aws::TextRule arn_rule = kRoleArnRule;
    arn_rule.member = provider;
    arn_rule.required = false;
    const auto arn = contexts[i].get("ProviderArn");
    check.text(arn_rule, arn);
    if (arn) out.provider_arns.emplace_back(*arn);
    aws::TextRule assertion_rule = kContextAssertionRule;
    assertion_rule.member = assertion;
    check.text(assertion_rule, contexts[i].get("ContextAssertion"));
  }
  out.given = !contexts.empty();
  return out;
}

}  // namespace

Outcome<AssumeRoleInput> AssumeRoleInput::parse(const aws::QueryParameters& parameters) {
  const auto role_arn = parameters.get("RoleArn");
  const auto session_name = parameters.get("RoleSessionName");
  const auto external_id = parameters.get("ExternalId");
  const auto source_identity = parameters.get("SourceIdentity");

  AssumeRoleInput input;
  aws::ParameterCheck check;
  check.text(kRoleArnRule, role_arn);
  check.text(kRoleSessionNameRule, session_name);
  const auto duration = read_duration(parameters, kRoleDuration, check);
  check.text(kExternalIdRule, external_id);
  check.text(kSourceIdentityRule, source_identity);
  MfaInput::check(parameters, check);
  SessionPolicies::check(parameters, check);
  SessionTags::check(parameters, check);
  input.contexts = read_contexts(parameters, check);
  if (auto error = check.error()) return tl::unexpected(*std::move(error));
  // An unreadable duration is told only after the ARN, as STS does it.
  auto arn = parse_role_arn(*role_arn);
  if (!arn) return tl::unexpected(std::move(arn).error());
  if (!duration) return tl::unexpected(duration.error());
  auto policies = SessionPolicies::parse(parameters);
  if (!policies) return tl::unexpected(std::move(policies).error());
  auto tags = SessionTags::parse(parameters);
  if (!tags) return tl::unexpected(std::move(tags).error());

  input.role_arn = *std::move(arn);
  input.session_name = *session_name;
  input.duration = *duration;
  if (external_id) input.external_id = std::string(*external_id);
  if (source_identity) input.source_identity = *source_identity;
  input.mfa = MfaInput::read(parameters);
  input.policies = *std::move(policies);
  input.tags = *std::move(tags);
  return input;
}

}  // namespace imdsd::sts
