// SPDX-License-Identifier: MIT
#include "sts/assume_root.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "aws/answer_xml.h"
#include "aws/ids.h"
#include "iam/describe_denial.h"
#include "iam/make_principal.h"
#include "sts/authorize_action.h"
#include "sts/issuer.h"
#include "sts/parameter_rules.h"
#include "sts/start_session.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::service_error;
using aws::ServiceError;

constexpr std::array<std::string_view, 5> kTasks{
    "IAMAuditRootUserCredentials", "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials",
    "S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"};

struct Input {
  std::string account;
  std::string task_policy_arn;
  std::chrono::seconds duration{};

  static Outcome<Input> parse(const ActionRequest& request);
};

/// Twelve digits, or the ARN of an account's root.
std::optional<std::string> account_of_target(std::string_view text) {
  if (const auto id = aws::AccountId::parse(text)) return id->text();
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->service != "iam" || arn->resource != "root") return std::nullopt;
  const auto id = aws::AccountId::parse(arn->account);
  return id ? std::optional(id->text()) : std::nullopt;
}

bool is_task_policy(std::string_view text, std::string_view partition) {
  const std::string folder = "arn:" + std::string(partition) + ":iam::aws:policy/root-task/";
  return text.starts_with(folder) &&
         std::find(kTasks.begin(), kTasks.end(), text.substr(folder.size())) != kTasks.end();
}

Outcome<Input> Input::parse(const ActionRequest& request) {
  const auto target = request.parameters.get("TargetPrincipal");
  const auto policy = request.parameters.get("TaskPolicyArn.arn");
  aws::ParameterCheck check;
  check.text(kTargetPrincipalRule, target);
  check.text(kTaskPolicyArnRule, policy);
  const auto duration = read_duration(request.parameters, kRootDuration, check);
  if (auto error = check.error()) return tl::unexpected(*std::move(error));
  if (!duration) return tl::unexpected(duration.error());
  auto account = account_of_target(*target);
  if (!account) {
    return service_error(400, "ValidationError",
                         "TargetPrincipal must be an account id or the ARN of an account's root: " +
                             std::string(*target));
  }
  if (!is_task_policy(*policy, request.authority.partition)) {
    return service_error(400, "ValidationError",
                         std::string(*policy) + " is not a policy for root tasks.");
  }
  return Input{*std::move(account), std::string(*policy), *duration};
}

SessionClaims claims_of(const ActionRequest& request, Input input, const iam::Principal& root) {
  SessionClaims claims = user_session(root, request.now, input.duration);
  claims.session.assumed_root = true;
  claims.session.policy_arns = {std::move(input.task_policy_arn)};
  if (request.caller.session) {
    claims.session.source_identity = request.caller.session->source_identity;
  }
  return claims;
}

std::string success_xml(const ActionRequest& request, const StartedSession& started) {
  return aws::answer_xml("AssumeRoot", aws::kStsNamespace, request.request_id,
                         [&](base::XmlWriter& xml) {
                           write_credentials(xml, started.credentials);
                           const iam::Session* const session = request.caller.session.get();
                           if (session != nullptr && !session->source_identity.empty()) {
                             xml.leaf("SourceIdentity", session->source_identity);
                           }
                         });
}

/// Which accounts belong to whom does not show in the answer.
std::optional<ServiceError> refuse_outsiders(const ActionRequest& request, const Input& input,
                                             const iam::Principal& root) {
  const Organization& organization = *request.authority.organization;
  if (organization.manages_root(request.caller.principal.account) &&
      organization.has_member(input.account)) {
    return std::nullopt;
  }
  return ServiceError{403, "AccessDenied",
                      iam::not_authorized(request.caller.principal, "sts:AssumeRoot", root.arn)};
}

}  // namespace

ActionAnswer assume_root(const ActionRequest& request) {
  auto input = Input::parse(request);
  if (!input) return {tl::unexpected(std::move(input).error())};
  const iam::Principal root = iam::root_principal(input->account, request.authority.partition);
  ActionAnswer answer{std::string()};
  OwnAction action{.name = "sts:AssumeRoot", .resource = aws::Arn::parse(root.arn).value()};
  action.keys.set("sts:TaskPolicyArn", input->task_policy_arn);
  auto error = refuse_action(request, action, answer);
  if (!error) error = refuse_outsiders(request, *input, root);
  if (error) {
    answer.xml = tl::unexpected(*std::move(error));
    return answer;
  }
  auto started = start_session(claims_of(request, *std::move(input), root), request);
  if (started) {
    answer.xml = success_xml(request, *started);
  } else {
    answer.xml = tl::unexpected(std::move(started).error());
  }
  return answer;
}

}  // namespace imdsd::sts
