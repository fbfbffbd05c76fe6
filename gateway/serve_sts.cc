// SPDX-License-Identifier: MIT
#include "gateway/serve_sts.h"

#include <optional>
#include <string>
#include <utility>

#include "aws/query_protocol.h"
#include "aws/sigv4_authorization.h"
#include "sts/authenticate.h"
#include "sts/service.h"

namespace imdsd::gateway {
namespace {

using aws::Outcome;
using aws::ServiceError;

constexpr std::size_t kMaxRecordedAction = 128;

base::HttpResponse to_product_page(const base::HttpRequest& request) {
  std::string location = "https://aws.amazon.com/iam";
  if (request.method == "GET" && !request.query().empty()) {
    location.append("?").append(request.query());
  }
  base::HttpResponse response;
  response.status = 302;
  response.headers.add("Location", std::move(location));
  return response;
}

ServiceError invalid_action(std::string_view action, std::optional<std::string_view> version) {
  return {400, "InvalidAction",
          "Could not find operation " + std::string(action) + " for version " +
              std::string(version.value_or("NO_VERSION_SPECIFIED"))};
}

Outcome<iam::Caller> caller_of(const Exchange& exchange, std::string_view action) {
  if (!aws::is_signed(exchange.http) && sts::is_unsigned_action(action)) return iam::Caller{};
  return sts::authenticate(exchange.http, "sts", aws::PathRule::normalize_and_encode_twice,
                           exchange.authority, exchange.now);
}

base::HttpResponse call_action(Exchange& exchange, std::string_view action,
                               const aws::QueryParameters& parameters, const iam::Caller& caller) {
  sts::ActionAnswer answer = sts::call(action, {.parameters = parameters,
                                                .caller = caller,
                                                .authority = exchange.authority,
                                                .http = exchange.http,
                                                .now = exchange.now,
                                                .random = exchange.random,
                                                .request_id = exchange.request_id,
                                                .region = exchange.region});
  exchange.record.decision = std::move(answer.decision);
  exchange.record.resource = std::move(answer.resource);
  exchange.record.would_deny = answer.would_deny;
  if (!answer.xml) return query_error(exchange, answer.xml.error(), aws::kStsNamespace);
  return xml_response(200, *std::move(answer.xml));
}

}  // namespace

base::HttpResponse serve_sts(Exchange& exchange) {
  exchange.record.service = "sts";
  const auto parameters = aws::query_parameters(exchange.http);
  if (!parameters) {
    const ServiceError error{400, "MalformedQueryString", parameters.error().message};
    return query_error(exchange, error, aws::kStsNamespace);
  }
  const auto action = parameters->get("Action");
  if (!action) return to_product_page(exchange.http);
  exchange.record.action = action->substr(0, kMaxRecordedAction);

  const auto caller = caller_of(exchange, *action);
  if (!caller) return query_error(exchange, caller.error(), aws::kStsNamespace);
  exchange.record.caller_arn = caller->principal.arn;
  exchange.record.access_key_id = caller->access_key_id;

  const auto version = parameters->get("Version");
  if (version != sts::kApiVersion || !sts::has_action(*action)) {
    return query_error(exchange, invalid_action(*action, version), aws::kFaultNamespace);
  }
  return call_action(exchange, *action, *parameters, *caller);
}

}  // namespace imdsd::gateway
