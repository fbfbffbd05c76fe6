// SPDX-License-Identifier: MIT
#include "sts/assume_role.h"

#include <memory>
#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "aws/query_protocol.h"
#include "aws/time_format.h"
#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/make_principal.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"
#include "sts/assume_role_input.h"
#include "sts/issuer.h"

namespace imdsd::sts {
namespace {

using aws::service_error;
using aws::ServiceError;

constexpr std::chrono::seconds kMaxChainedDuration{3600};

/// The role that this ARN names, path included; null without one.
std::shared_ptr<const iam::Role> find_role(const aws::Arn& arn, const Authority& authority) {
  const std::string_view resource = arn.resource;
  auto role =
      authority.directory->find<iam::Role>(arn.account, resource.substr(resource.rfind('/') + 1));
  if (role && iam::arn_of(*role, authority.partition) != arn.to_string()) return nullptr;
  return role;
}

void decide(const ActionRequest& request, const AssumeRoleInput& input,
            const std::shared_ptr<const iam::Role>& role, ActionAnswer& answer) {
  iam::RequestContext context{&request.caller, "sts:AssumeRole", input.role_arn, role->account, {}};
  iam::add_caller_keys(request.caller, request.now, context.keys);
  iam::add_entity_tags(request.caller, *request.authority.directory, context.keys);
  iam::add_request_keys(request.http, request.region, request.now, context.keys);
  context.keys.set("sts:RoleSessionName", input.session_name);
  if (input.external_id) context.keys.set("sts:ExternalId", *input.external_id);
  context.keys.set("aws:ResourceAccount", role->account);
  for (const iam::Tag& tag : role->tags) context.keys.set("aws:ResourceTag/" + tag.key, tag.value);
  iam::PolicySet policies = iam::policies_of(request.caller, *request.authority.directory);
  iam::add_control_policies(request.authority.control_policies, request.caller.principal.account,
                            role->account, policies);
  policies.resource = iam::PolicyPointer(role, &role->trust_policy);
  policies.resource_must_allow = true;
  answer.decision = iam::evaluate(policies, context);
  if (!answer.decision->allowed())
    answer.explanation = iam::explain_both(context, *answer.decision);
}

/// The same words for every denial and for a role that does not exist, and no reason: so STS
/// answers.
ServiceError denied(const ActionRequest& request, const AssumeRoleInput& input) {
  return {
      403, "AccessDenied",
      iam::not_authorized(request.caller.principal, "sts:AssumeRole", input.role_arn.to_string())};
}

/// Reported only to a caller that may assume the role.
std::optional<ServiceError> check_duration(const ActionRequest& request,
                                           const AssumeRoleInput& input, const iam::Role& role) {
  if (input.duration > role.max_session_duration) {
    return ServiceError{400, "ValidationError",
                        "The requested DurationSeconds exceeds the MaxSessionDuration set for "
                        "this role."};
  }
  if (request.caller.session && input.duration > kMaxChainedDuration) {
    return ServiceError{400, "ValidationError",
                        "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                        "assumed by role chaining."};
  }
  return std::nullopt;
}

ServiceError issue_error(const base::Error& error) {
  if (error.code == base::Errc::too_large) {
    return {400, "PackedPolicyTooLarge",
            "Packed policy consumes more than 100% of allotted space, "
            "please use smaller policy."};
  }
  return {500, "InternalFailure", "The request processing has failed because of an unknown error.",
          ServiceError::Fault::receiver};
}

std::string success_xml(const ActionRequest& request, const iam::Principal& session,
                        const aws::Credentials& credentials) {
  return aws::answer_xml("AssumeRole", aws::kStsNamespace, request.request_id,
                         [&](base::XmlWriter& xml) {
                           xml.open("AssumedRoleUser")
                               .leaf("AssumedRoleId", session.user_id)
                               .leaf("Arn", session.arn)
                               .close();
                           xml.open("Credentials")
                               .leaf("AccessKeyId", credentials.access_key_id)
                               .leaf("SecretAccessKey", credentials.secret_access_key.reveal())
                               .leaf("SessionToken", credentials.session_token.reveal())
                               .leaf("Expiration", aws::format_iso8601(credentials.expiration))
                               .close();
                         });
}

aws::Outcome<std::string> start_session(const ActionRequest& request, const AssumeRoleInput& input,
                                        const iam::Role& role) {
  auto credentials = issue(role_session(role, input.session_name, request.now, input.duration),
                           *request.authority.key_ring, request.random);
  if (!credentials) return tl::unexpected(issue_error(credentials.error()));
  const auto session =
      iam::role_session_principal(role, input.session_name, request.authority.partition);
  return success_xml(request, session, *credentials);
}

}  // namespace

ActionAnswer assume_role(const ActionRequest& request) {
  auto input = AssumeRoleInput::parse(request.parameters);
  if (!input) return {tl::unexpected(std::move(input).error()), std::nullopt};
  const iam::AuthMode mode = request.authority.mode;
  const bool is_root = request.caller.principal.type == iam::PrincipalType::account_root;
  if (is_root && mode == iam::AuthMode::enforce) {
    return {service_error(403, "AccessDenied", "Roles may not be assumed by root accounts."),
            std::nullopt};
  }
  const auto role = find_role(input->role_arn, request.authority);
  if (!role) return {tl::unexpected(denied(request, *input)), std::nullopt};

  ActionAnswer answer{std::string(), std::nullopt};
  answer.resource = input->role_arn.to_string();
  if (mode != iam::AuthMode::off) {
    decide(request, *input, role, answer);
    answer.would_deny = is_root || !answer.decision->allowed();
  }
  if (answer.would_deny && mode == iam::AuthMode::enforce) {
    answer.would_deny = false;
    answer.xml = tl::unexpected(denied(request, *input));
  } else if (auto error = check_duration(request, *input, *role)) {
    answer.xml = tl::unexpected(*std::move(error));
  } else {
    answer.xml = start_session(request, *input, *role);
  }
  return answer;
}

}  // namespace imdsd::sts
