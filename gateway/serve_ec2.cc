// SPDX-License-Identifier: MIT
#include "gateway/serve_ec2.h"

#include <string>
#include <utility>

#include "aws/query_protocol.h"
#include "base/log.h"
#include "ec2/errors.h"
#include "ec2/service.h"
#include "gateway/query_call.h"
#include "sts/authenticate.h"
#include "sts/authorization_message.h"

namespace imdsd::gateway {
namespace {

using aws::ServiceError;

base::HttpResponse refuse(Exchange& exchange, const ServiceError& error) {
  exchange.record.error_code = error.code;
  return xml_response(error.status, ec2::error_xml(error, exchange.request_id));
}

/// EC2 tells nobody why it does not believe a signature: we tell the log.
base::HttpResponse refuse_caller(Exchange& exchange, const ServiceError& reason) {
  base::log_debug("request to ec2 not authenticated",
                  {{"code", reason.code}, {"reason", reason.message.value_or("")}});
  return refuse(exchange, ec2::authentication_failure(reason));
}

iam::ActionAnswer call(const Exchange& exchange, const ec2::Operation& operation,
                       const aws::QueryParameters& parameters, const iam::Caller& caller) {
  const sts::Authority& authority = exchange.authority;
  const auto seal = [&exchange, &authority](const std::string& json, const std::string& account) {
    return sts::seal_authorization_message(json, account, *authority.key_ring, exchange.random);
  };
  const ec2::Context context{.instances = exchange.instances,
                             .directory = *authority.directory,
                             .control_policies = authority.control_policies,
                             .random = exchange.random,
                             .now = exchange.now,
                             .partition = authority.partition,
                             .mode = authority.mode,
                             .seal = seal};
  return ec2::call(operation,
                   {.parameters = parameters,
                    .caller = caller,
                    .http = exchange.http,
                    .region = exchange.region,
                    .request_id = exchange.request_id},
                   context);
}

}  // namespace

base::HttpResponse serve_ec2(Exchange& exchange) {
  exchange.record.service = "ec2";
  const auto parameters = aws::query_parameters(exchange.http);
  if (!parameters) {
    return refuse(exchange, {400, "MalformedQueryString", parameters.error().message});
  }
  const auto action = parameters->get("Action");
  if (!action) {
    return refuse(exchange,
                  {400, "MissingAction", "The request must contain the parameter Action"});
  }
  note_action(exchange, *action);
  const auto caller =
      sts::authenticate(exchange.http, "ec2", aws::PathRule::normalize_and_encode_twice,
                        exchange.authority, exchange.now);
  if (!caller) return refuse_caller(exchange, caller.error());
  note_caller(exchange, *caller);

  const auto version = parameters->get("Version");
  if (version != ec2::kApiVersion) {
    return refuse(exchange, ec2::no_such_version(version.value_or("")));
  }
  const ec2::Operation* const operation = ec2::find_operation(*action);
  if (operation == nullptr) {
    log_unknown_action(exchange.record);
    return refuse(exchange, ec2::invalid_action(*action));
  }
  iam::ActionAnswer answer = call(exchange, *operation, *parameters, *caller);
  note_answer(exchange, answer);
  if (!answer.xml) return refuse(exchange, answer.xml.error());
  return xml_response(200, *std::move(answer.xml));
}

}  // namespace imdsd::gateway
