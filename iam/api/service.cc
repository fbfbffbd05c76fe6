// SPDX-License-Identifier: MIT
#include "iam/api/service.h"

#include <utility>
#include <vector>

#include "iam/api/authorize.h"

namespace imdsd::iam::api {
namespace {

aws::ServiceError service_failure() {
  return {500, "ServiceFailure",
          "The request processing has failed because of an unknown error, exception or failure.",
          aws::ServiceError::Fault::receiver};
}

aws::Outcome<std::string> run(const Operation& operation, const ActionRequest& request,
                              Context& context, std::shared_ptr<const Directory> directory,
                              ActionAnswer& answer) {
  const std::string name(operation.name);
  base::XmlWriter xml;
  xml.open(name + "Response", kNamespace);
  if (operation.has_result) xml.open(name + "Result");
  Call call{.parameters = request.parameters,
            .caller = request.caller,
            .context = context,
            .http = request.http,
            .region = request.region,
            .directory = std::move(directory),
            .xml = xml,
            .answer = answer};
  auto done = operation.run(call);
  if (!done) return tl::unexpected(std::move(done).error());
  if (operation.has_result) xml.close();
  xml.open("ResponseMetadata").leaf("RequestId", request.request_id).close();
  xml.close();
  return xml.take();
}

/// Returns the first need that the caller lacks, null for none. The answer tells of the decision
/// about it, or about the action itself, and of all permissions.
const Need* decide_all(const std::vector<Need>& needs, const Operation& operation,
                       const ActionRequest& request, const Directory& directory,
                       const Context& context, ActionAnswer& answer) {
  const Need* refused = nullptr;
  for (const Need& need : needs) {
    auto decided = decide(need, operation, request, directory, context);
    answer.permissions.push_back(std::move(decided.permission));
    const bool is_first_refusal = refused == nullptr && !decided.decision.allowed();
    if (is_first_refusal) refused = &need;
    if (answer.decision && !is_first_refusal) continue;
    answer.resource = need.target.arn;
    answer.decision = std::move(decided.decision);
    answer.explanation = std::move(decided.explanation);
  }
  return refused;
}

}  // namespace

aws::Outcome<void> Call::write(const std::function<aws::Outcome<void>(Transaction&)>& change) {
  aws::Outcome<void> outcome;
  const auto committed = context.directory.write([&](Transaction& transaction) {
    outcome = change(transaction);
    return outcome.has_value();
  });
  if (!committed) return tl::unexpected(service_failure());
  directory = context.directory.snapshot();
  return outcome;
}

ActionAnswer call(const Operation& operation, const ActionRequest& request, Context& context) {
  if (auto error = check_parameters(operation.parameters(), request.parameters)) {
    return {tl::unexpected(*std::move(error))};
  }
  auto directory = context.directory.snapshot();
  ActionAnswer answer{std::string()};
  const auto needs = needs_of(operation, request, *directory, context.partition);
  answer.resource = needs.front().target.arn;
  const Need* const refused =
      context.mode == AuthMode::off
          ? nullptr
          : decide_all(needs, operation, request, *directory, context, answer);
  answer.would_deny = refused != nullptr && context.mode == AuthMode::audit;
  if (refused != nullptr && context.mode == AuthMode::enforce) {
    answer.xml = tl::unexpected(access_denied(request.caller, refused->action,
                                              refused->target.name_in_denial(), *answer.decision));
    return answer;
  }
  answer.xml = run(operation, request, context, std::move(directory), answer);
  return answer;
}

}  // namespace imdsd::iam::api
