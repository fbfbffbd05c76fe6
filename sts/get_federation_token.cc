// SPDX-License-Identifier: MIT
#include "sts/get_federation_token.h"

#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "iam/make_principal.h"
#include "sts/authorize_action.h"
#include "sts/issuer.h"
#include "sts/parameter_rules.h"
#include "sts/session_policies.h"
#include "sts/session_tags.h"
#include "sts/start_session.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::ServiceError;

struct Input {
  std::string name;
  std::chrono::seconds duration{};
  SessionPolicies policies;
  SessionTags tags;

  static Outcome<Input> parse(const aws::QueryParameters& parameters) {
    aws::ParameterCheck check;
    check.text(kFederatedNameRule, parameters.get("Name"));
    const auto duration = read_duration(parameters, kUserDuration, check);
    SessionPolicies::check(parameters, check);
    SessionTags::check(parameters, check);
    if (auto error = check.error()) return tl::unexpected(*std::move(error));
    if (!duration) return tl::unexpected(duration.error());
    auto policies = SessionPolicies::parse(parameters);
    if (!policies) return tl::unexpected(std::move(policies).error());
    auto tags = SessionTags::parse(parameters);
    if (!tags) return tl::unexpected(std::move(tags).error());
    return Input{std::string(*parameters.get("Name")), *duration, *std::move(policies),
                 *std::move(tags)};
  }
};

std::optional<ServiceError> authorize(const ActionRequest& request, const Input& input,
                                      const iam::Principal& federated, ActionAnswer& answer) {
  OwnAction action{.name = "sts:GetFederationToken",
                   .resource = aws::Arn::parse(federated.arn).value()};
  input.tags.add_request_keys(action.keys);
  if (auto error = refuse_action(request, action, answer)) return error;
  if (input.tags.empty() || answer.would_deny) return std::nullopt;
  action.name = "sts:TagSession";
  return refuse_action(request, action, answer);
}

SessionClaims claims_of(const ActionRequest& request, Input& input) {
  SessionClaims claims = user_session(request.caller.principal, request.now, input.duration);
  claims.principal_type = iam::PrincipalType::federated_user;
  claims.session_name = input.name;
  std::move(input.policies).limit(claims.session);
  std::move(input.tags).describe(claims.session);
  return claims;
}

std::string success_xml(const ActionRequest& request, const StartedSession& started,
                        const iam::Principal& federated) {
  return aws::answer_xml(
      "GetFederationToken", aws::kStsNamespace, request.request_id, [&](base::XmlWriter& xml) {
        write_credentials(xml, started.credentials);
        xml.open("FederatedUser")
            .leaf("FederatedUserId", federated.user_id)
            .leaf("Arn", federated.arn)
            .close();
        xml.leaf("PackedPolicySize", std::to_string(started.packed_policy_size.value_or(0)));
      });
}

}  // namespace

ActionAnswer get_federation_token(const ActionRequest& request) {
  auto input = Input::parse(request.parameters);
  if (!input) return {tl::unexpected(std::move(input).error())};
  const iam::Principal federated = iam::federated_user_principal(
      request.caller.principal.account, request.caller.principal.entity_id, input->name,
      request.authority.partition);
  ActionAnswer answer{std::string()};
  if (auto error = authorize(request, *input, federated, answer)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  if (auto error =
          input->policies.refuse_unknown(*request.authority.directory, federated.account)) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  auto started = start_session(claims_of(request, *input), request);
  if (started) {
    answer.xml = success_xml(request, *started, federated);
  } else {
    answer.xml = tl::unexpected(std::move(started).error());
  }
  return answer;
}

}  // namespace imdsd::sts
