// SPDX-License-Identifier: MIT
#include "gateway/serve_query.h"

#include <optional>
#include <string>
#include <utility>

#include "aws/query_protocol.h"
#include "aws/sigv4_authorization.h"
#include "gateway/json_answer.h"
#include "gateway/query_call.h"
#include "iam/action_answer.h"
#include "iam/api/service.h"
#include "sts/authenticate.h"
#include "sts/service.h"
#include "sts/session_limits.h"

namespace imdsd::gateway {
namespace {

using aws::Outcome;
using aws::ServiceError;
using iam::ActionAnswer;

/// What differs between the two.
struct QueryService {
  std::string_view name;     // in credential scopes
  std::string_view version;  // of the API
  std::string_view xmlns;
  bool (*has_action)(std::string_view action);
  bool (*is_unsigned_action)(std::string_view action);
  ActionAnswer (*call)(Exchange& exchange, std::string_view action,
                       const aws::QueryParameters& parameters, const iam::Caller& caller);
};

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

Outcome<iam::Caller> caller_of(const Exchange& exchange, const QueryService& service,
                               std::string_view action) {
  if (exchange.vouched != nullptr) return *exchange.vouched;
  if (!aws::is_signed(exchange.http) && service.is_unsigned_action(action)) return iam::Caller{};
  return sts::authenticate(exchange.http, service.name, aws::PathRule::normalize_and_encode_twice,
                           exchange.authority, exchange.now);
}

base::HttpResponse serve(Exchange& exchange, const QueryService& service) {
  exchange.record.service = service.name;
  const auto parameters = aws::query_parameters(exchange.http);
  if (!parameters) {
    const ServiceError error{400, "MalformedQueryString", parameters.error().message};
    return query_error(exchange, error, service.xmlns);
  }
  const auto action = parameters->get("Action");
  if (!action) return to_product_page(exchange.http);
  note_action(exchange, *action);

  const auto caller = caller_of(exchange, service, *action);
  if (!caller) return query_error(exchange, caller.error(), service.xmlns);
  note_caller(exchange, *caller);

  const auto version = parameters->get("Version");
  if (version != service.version || !service.has_action(*action)) {
    if (version == service.version) log_unknown_action(exchange.record);
    return query_error(exchange, invalid_action(*action, version), aws::kFaultNamespace);
  }
  ActionAnswer answer = service.call(exchange, *action, *parameters, *caller);
  note_answer(exchange, answer);
  if (!answer.xml) return query_error(exchange, answer.xml.error(), service.xmlns);
  return xml_response(200, *std::move(answer.xml));
}

ActionAnswer call_sts(Exchange& exchange, std::string_view action,
                      const aws::QueryParameters& parameters, const iam::Caller& caller) {
  return sts::call(action, {.parameters = parameters,
                            .caller = caller,
                            .authority = exchange.authority,
                            .directory = exchange.directory,
                            .mfa_throttle = exchange.mfa_throttle,
                            .http = exchange.http,
                            .now = exchange.now,
                            .random = exchange.random,
                            .request_id = exchange.request_id,
                            .region = exchange.region});
}

ActionAnswer call_iam(Exchange& exchange, std::string_view action,
                      const aws::QueryParameters& parameters, const iam::Caller& caller) {
  const bool decides = exchange.authority.mode != iam::AuthMode::off;
  if (auto error = decides ? sts::refuse_iam_call(caller) : std::nullopt) {
    return {tl::unexpected(*std::move(error))};
  }
  iam::api::Context context{.directory = exchange.directory,
                            .usage = exchange.usage,
                            .reports = exchange.reports,
                            .mfa_throttle = exchange.mfa_throttle,
                            .control_policies = exchange.authority.control_policies,
                            .random = exchange.random,
                            .now = exchange.now,
                            .partition = exchange.authority.partition,
                            .mode = exchange.authority.mode,
                            .issuer_url = exchange.authority.issuer_url};
  return iam::api::call(*iam::api::find_operation(action),
                        {.parameters = parameters,
                         .caller = caller,
                         .http = exchange.http,
                         .region = exchange.region,
                         .request_id = exchange.request_id},
                        context);
}

constexpr QueryService kSts{"sts",           sts::kApiVersion,        aws::kStsNamespace,
                            sts::has_action, sts::is_unsigned_action, call_sts};

constexpr QueryService kIam{
    "iam",
    iam::api::kApiVersion,
    iam::api::kNamespace,
    [](std::string_view action) { return iam::api::find_operation(action) != nullptr; },
    [](std::string_view) { return false; },
    call_iam};

}  // namespace

base::HttpResponse serve_sts(Exchange& exchange) {
  return as_accepted(exchange.http, serve(exchange, kSts));
}

base::HttpResponse serve_iam(Exchange& exchange) {
  return as_accepted(exchange.http, serve(exchange, kIam));
}

}  // namespace imdsd::gateway
