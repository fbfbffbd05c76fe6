// SPDX-License-Identifier: MIT
#include "daemon/admin_api.h"

#include <nlohmann/json.hpp>

#include "aws/parameter_check.h"
#include "aws/query_protocol.h"
#include "base/codec.h"

namespace imdsd::daemon {
namespace {

using base::HttpRequest;
using base::HttpResponse;

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

HttpResponse error_response(int status, const std::string& message) {
  const nlohmann::ordered_json json = {{"error", message}};
  return json_response(
      status, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

/// The value of `instance` in the query; empty without one. Anything else in the query is refused.
base::Result<std::string> instance_parameter(std::string_view query) {
  constexpr std::string_view kName = "instance=";
  if (query.empty()) return std::string();
  if (query.starts_with(kName) && query.find('&') == std::string_view::npos) {
    return base::percent_decode(query.substr(kName.size()));
  }
  return base::fail(base::Errc::invalid_argument, "the only parameter is `instance`");
}

/// namespace, service-account, audience, and duration in seconds.
base::Result<sts::ServiceAccountTerms> service_account_terms(std::string_view query) {
  IMDSD_TRY(const auto parameters, aws::QueryParameters::parse(query));
  sts::ServiceAccountTerms terms;
  for (const auto& [name, value] : parameters.all()) {
    if (name == "namespace") {
      terms.name_space = value;
    } else if (name == "service-account") {
      terms.service_account = value;
    } else if (name == "audience") {
      terms.audience = value;
    } else if (const auto seconds = aws::parse_integer(value); name == "duration" && seconds) {
      terms.duration = std::chrono::seconds(*seconds);
    } else {
      return base::fail(base::Errc::invalid_argument,
                        "unknown or unreadable parameter `" + name + "`");
    }
  }
  return terms;
}

}  // namespace

HttpResponse AdminApi::handle(const HttpRequest& request) const {
  if (const auto reason = access_.refuse(request.peer)) return error_response(403, *reason);
  struct Route {
    std::string_view method, path;
    HttpResponse (*answer)(const AdminApi&, const HttpRequest&);
  };
  static constexpr Route kRoutes[] = {
      {"GET", "/v1/status",
       [](const AdminApi& api, const HttpRequest&) {
         return json_response(200, status_json(api.actions_.status()));
       }},
      {"GET", "/v1/env",
       [](const AdminApi& api, const HttpRequest&) {
         return json_response(200, env_json(api.actions_.status()));
       }},
      {"GET", "/v1/ca",
       [](const AdminApi& api, const HttpRequest&) { return api.certificate_authority(); }},
      {"GET", "/v1/explain",
       [](const AdminApi& api, const HttpRequest& r) { return api.explain(r); }},
      {"GET", "/v1/identity-certificates",
       [](const AdminApi& api, const HttpRequest&) { return api.identity_certificates(); }},
      {"POST", "/v1/token",
       [](const AdminApi& api, const HttpRequest& r) { return api.service_account_token(r); }},
      {"POST", "/v1/rotate",
       [](const AdminApi& api, const HttpRequest& r) { return api.rotate(r); }},
  };
  for (const auto& route : kRoutes) {
    if (route.path != request.path()) continue;
    if (route.method == request.method) return route.answer(*this, request);
    auto response = error_response(405, "use " + std::string(route.method));
    response.headers.add("Allow", std::string(route.method));
    return response;
  }
  return error_response(404, "there is no `" + std::string(request.path()) + "`");
}

HttpResponse AdminApi::rotate(const HttpRequest& request) const {
  const auto instance = instance_parameter(request.query());
  if (!instance) return error_response(400, instance.error().message);
  const auto rotated = actions_.rotate(*instance);
  if (rotated) return json_response(200, status_json(actions_.status()));
  return error_response(rotated.error().code == base::Errc::not_found ? 404 : 502,
                        rotated.error().message);
}

HttpResponse AdminApi::certificate_authority() const {
  auto pem = actions_.certificate_authority();
  if (!pem) return error_response(404, pem.error().message);
  auto response = json_response(200, *std::move(pem));
  response.headers.set("Content-Type", "application/x-pem-file");
  return response;
}

HttpResponse AdminApi::service_account_token(const HttpRequest& request) const {
  const auto terms = service_account_terms(request.query());
  if (!terms) return error_response(400, terms.error().message);
  const auto token = actions_.service_account_token(*terms);
  if (!token) {
    const bool wrong = token.error().code == base::Errc::invalid_argument;
    return error_response(wrong ? 400 : 502, token.error().message);
  }
  auto response = json_response(200, std::string(token->reveal()));
  response.headers.set("Content-Type", "application/jwt");
  return response;
}

HttpResponse AdminApi::identity_certificates() const {
  const auto certificates = actions_.identity_certificates();
  if (!certificates) return error_response(502, certificates.error().message);
  return json_response(200, identity_certificates_json(*certificates));
}

HttpResponse AdminApi::explain(const HttpRequest& request) const {
  const auto query = ExplainQuery::parse(request.query());
  if (!query) return error_response(400, query.error().message);
  auto text = actions_.explain(*query);
  if (!text) {
    const bool unknown = text.error().code == base::Errc::not_found;
    return error_response(unknown ? 404 : 400, text.error().message);
  }
  auto response = json_response(200, *std::move(text));
  if (!query->json) response.headers.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

}  // namespace imdsd::daemon
