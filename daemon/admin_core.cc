// SPDX-License-Identifier: MIT
#include "daemon/admin_core.h"

#include <memory>
#include <utility>

#include "aws/parameter_check.h"
#include "aws/query_protocol.h"

namespace imdsd::daemon {
namespace {

using base::HttpRequest;
using base::HttpResponse;

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

base::Result<std::string> status(const AdminActions& actions, const HttpRequest& request) {
  IMDSD_TRY(const auto instance, instance_parameter(request.query()));
  IMDSD_TRY(const auto report, actions.status(instance));
  return status_json(report);
}

base::Result<std::string> env(const AdminActions& actions, const HttpRequest& request) {
  IMDSD_TRY(const auto instance, instance_parameter(request.query()));
  IMDSD_TRY(const auto report, actions.status(instance));
  return env_json(report, instance);
}

base::Result<std::string> rotate(const AdminActions& actions, const HttpRequest& request) {
  IMDSD_TRY(const auto instance, instance_parameter(request.query()));
  IMDSD_TRY_VOID(actions.rotate(instance));
  return status(actions, request);
}

HttpResponse certificate_authority(const AdminActions& actions) {
  auto pem = actions.certificate_authority();
  if (!pem) return admin_error(404, pem.error().message);
  return admin_answer(200, *std::move(pem), "application/x-pem-file");
}

HttpResponse service_account_token(const AdminActions& actions, const HttpRequest& request) {
  const auto terms = service_account_terms(request.query());
  if (!terms) return admin_error(400, terms.error().message);
  const auto token = actions.service_account_token(*terms);
  if (!token) {
    const bool wrong = token.error().code == base::Errc::invalid_argument;
    return admin_error(wrong ? 400 : 502, token.error().message);
  }
  return admin_answer(200, std::string(token->reveal()), "application/jwt");
}

HttpResponse identity_certificates(const AdminActions& actions) {
  const auto certificates = actions.identity_certificates();
  if (!certificates) return admin_error(502, certificates.error().message);
  return admin_answer(200, identity_certificates_json(*certificates));
}

HttpResponse explain(const AdminActions& actions, const HttpRequest& request) {
  const auto query = ExplainQuery::parse(request.query());
  if (!query) return admin_error(400, query.error().message);
  auto text = actions.explain(*query);
  if (!text) {
    const bool unknown = text.error().code == base::Errc::not_found;
    return admin_error(unknown ? 404 : 400, text.error().message);
  }
  return admin_answer(200, *std::move(text),
                      query->json ? "application/json" : "text/plain; charset=utf-8");
}

/// JSON, or what went wrong.
template <base::Result<std::string> (*body)(const AdminActions&, const HttpRequest&)>
HttpResponse answer_with(const AdminActions& actions, const HttpRequest& request) {
  auto text = body(actions, request);
  return text ? admin_answer(200, *std::move(text)) : admin_error(text.error());
}

}  // namespace

std::vector<AdminRoute> core_routes(AdminActions actions) {
  const auto shared = std::make_shared<const AdminActions>(std::move(actions));
  const auto bind = [&shared](HttpResponse (*answer)(const AdminActions&, const HttpRequest&)) {
    return [shared, answer](const HttpRequest& request) { return answer(*shared, request); };
  };
  return {
      {"GET", "/v1/status", bind(answer_with<status>)},
      {"GET", "/v1/env", bind(answer_with<env>)},
      {"GET", "/v1/ca",
       bind([](const AdminActions& a, const HttpRequest&) { return certificate_authority(a); })},
      {"GET", "/v1/explain", bind(explain)},
      {"GET", "/v1/identity-certificates",
       bind([](const AdminActions& a, const HttpRequest&) { return identity_certificates(a); })},
      {"POST", "/v1/token", bind(service_account_token)},
      {"POST", "/v1/rotate", bind(answer_with<rotate>)},
  };
}

}  // namespace imdsd::daemon
