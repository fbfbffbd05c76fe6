// SPDX-License-Identifier: MIT
#include "iam/api/service.h"

#include <utility>

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
  const Target target = target_of(operation, request, *directory, context.partition);
  answer.resource = target.arn;
  if (context.mode != AuthMode::off) {
    auto decided = decide(operation, request, target, *directory, context);
    answer.permissions.push_back(std::move(decided.permission));
    answer.decision = std::move(decided.decision);
    answer.explanation = std::move(decided.explanation);
    answer.would_deny = !answer.decision->allowed();
  }
  if (answer.would_deny && context.mode == AuthMode::enforce) {
    answer.would_deny = false;
    answer.xml = tl::unexpected(access_denied(request.caller, "iam:" + std::string(operation.name),
                                              target.arn, *answer.decision));
    return answer;
  }
  answer.xml = run(operation, request, context, std::move(directory), answer);
  return answer;
}

}  // namespace imdsd::iam::api
