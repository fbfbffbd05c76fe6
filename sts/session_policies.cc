// SPDX-License-Identifier: MIT
#include "sts/session_policies.h"

#include <memory>
#include <utility>

#include "base/log.h"
#include "iam/managed_policy_lookup.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::service_error;
using aws::ServiceError;

std::vector<std::string> policy_arns(const aws::QueryParameters& parameters) {
  std::vector<std::string> out;
  for (const auto& member : parameters.list("PolicyArns")) {
    out.emplace_back(member.get("arn").value_or(""));
  }
  return out;
}

Outcome<iam::NamedPolicy> parse_inline(std::string_view text) {
  auto parsed = iam::parse_policy(text, iam::PolicyKind::session);
  if (!parsed) {
    const iam::PolicyError& error = parsed.error();
    base::log_debug("malformed session policy refused", {{"error", error.message},
                                                         {"detail", error.detail},
                                                         {"line", error.line},
                                                         {"column", error.column}});
    return service_error(400, "MalformedPolicyDocument", error.message);
  }
  return iam::NamedPolicy{iam::kSessionPolicyName, "",
                          std::make_shared<const iam::PolicyDocument>(std::move(parsed->document))};
}

}  // namespace

void SessionPolicies::check(const aws::QueryParameters& parameters, aws::ParameterCheck& check) {
  check.text(kSessionPolicyRule, parameters.get("Policy"));
  const auto arns = policy_arns(parameters);
  if (arns.size() > kMaxSessionPolicyArns) {
    check.longer_than("policyArns", kMaxSessionPolicyArns);
  }
  for (std::size_t i = 0; i < arns.size(); ++i) {
    const std::string member = "policyArns." + std::to_string(i + 1) + ".member.arn";
    aws::TextRule rule = kRoleArnRule;
    rule.member = member;
    check.text(rule, arns[i]);
  }
}

Outcome<SessionPolicies> SessionPolicies::parse(const aws::QueryParameters& parameters) {
  SessionPolicies out;
  const auto text = parameters.get("Policy");
  out.arns = policy_arns(parameters);
  std::size_t size = aws::character_count(text.value_or(""));
  for (const std::string& arn : out.arns) size += aws::character_count(arn);
  if (size > kMaxSessionPolicyText) {
    return service_error(400, "PackedPolicyTooLarge",
                         "The session policies have " + std::to_string(size) +
                             " characters of plain text, more than the " +
                             std::to_string(kMaxSessionPolicyText) + " that they may have.");
  }
  if (text) {
    auto policy = parse_inline(*text);
    if (!policy) return tl::unexpected(std::move(policy).error());
    out.policy = *std::move(policy);
  }
  return out;
}

std::optional<ServiceError> SessionPolicies::refuse_unknown(const iam::Directory& directory,
                                                            std::string_view account) const {
  for (const std::string& arn : arns) {
    if (iam::find_attachable_policy(directory, account, arn)) continue;
    return ServiceError{400, "ValidationError",
                        "Policy " + arn + " does not exist or is not attachable."};
  }
  return std::nullopt;
}

void SessionPolicies::limit(iam::Session& session) && {
  if (policy) session.policies.push_back(*std::move(policy));
  session.policy_arns = std::move(arns);
}

}  // namespace imdsd::sts
