// SPDX-License-Identifier: MIT
#include "containers/pod_identity_service.h"

#include <algorithm>
#include <utility>

#include "aws/ids.h"
#include "base/log.h"
#include "containers/answers.h"
#include "sts/json_web_token.h"
#include "sts/web_identity.h"
#include "sts/web_identity_issuer.h"
#include "sts/web_identity_provider.h"

namespace imdsd::containers {
namespace {

using aws::Outcome;
using aws::ServiceError;
using base::HttpResponse;

/// The agent's own: it has no code.
tl::unexpected<ServiceError> refused_by_agent(std::string message) {
  return aws::service_error(400, "", std::move(message));
}
/// Those of
/// https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html
tl::unexpected<ServiceError> invalid_token(std::string message) {
  return aws::service_error(400, "InvalidTokenException", std::move(message));
}

/// What the agent looks at before it asks EKS Auth; it trusts no clock but its own, without slack.
Outcome<sts::WebIdentity> read_claims(const sts::JsonWebToken& token, base::SystemTime now) {
  constexpr const char* kFailed = "Service account token failed basic claim validations: ";
  auto identity = sts::WebIdentity::parse(token.claims);
  if (!identity) return refused_by_agent(kFailed + identity.error().message.value_or(""));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (seconds >= identity->expiration) {
    return refused_by_agent(std::string(kFailed) + "token has invalid claims: token is expired");
  }
  if (identity->not_before && *identity->not_before > seconds) {
    return refused_by_agent(std::string(kFailed) +
                            "token has invalid claims: token is not valid yet");
  }
  return *std::move(identity);
}

bool has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// As EKS Auth judges it: a token of this cluster, for this audience, that the cluster has signed.
Outcome<void> verify(const sts::WebIdentity& identity, const sts::JsonWebToken& token,
                     const PodIdentityTable& table, const sts::Authority& authority,
                     base::SystemTime now) {
  const bool is_own = identity.issuer == sts::issuer_url(authority, sts::kKubernetesIssuer);
  if (!is_own && !has(table.issuers, identity.issuer)) {
    return invalid_token("Issuer in token is not that of the cluster");
  }
  if (!has(identity.audiences, kPodIdentityAudience)) {
    return invalid_token("Audience in token does not match the expected audience " +
                         std::string(kPodIdentityAudience));
  }
  sts::WebIdentityProvider cluster;
  cluster.issuer = identity.issuer;
  if (auto verified = cluster.verify(token, authority, now); !verified) {
    return invalid_token(verified.error().message.value_or("The token cannot be verified"));
  }
  return {};
}

HttpResponse answer_error(const ServiceError& error, base::Random& random) {
  const std::string message = error.message.value_or("");
  base::log_debug("no credentials for a pod", {{"code", error.code}, {"reason", message}});
  if (error.code.empty()) return text_error(error.status, message);
  const char* const fault = error.fault == ServiceError::Fault::sender ? "client" : "server";
  return text_error(error.status, "[" + aws::make_uuid(random) + "]: (" + error.code +
                                      "): " + message + ", fault: " + fault);
}

}  // namespace

std::string service_account_subject(std::string_view name_space, std::string_view service_account) {
  return std::string("system:serviceaccount:")
      .append(name_space)
      .append(":")
      .append(service_account);
}

Outcome<std::string> PodIdentityService::document(const base::HttpRequest& request) const {
  const base::SystemTime now = clock_.now();
  const std::string_view text = request.headers.get("Authorization").value_or("");
  if (text.empty()) return refused_by_agent("Service account token cannot be empty");
  const auto token = sts::JsonWebToken::parse(text);
  if (!token) {
    return refused_by_agent("Service account token cannot be parsed: " + token.error().message);
  }
  const auto identity = read_claims(*token, now);
  if (!identity) return tl::unexpected(identity.error());
  const auto table = associations_.load();
  const auto authority = authority_.load();
  if (!table || !authority) {
    return tl::unexpected(ServiceError{503, "ServiceUnavailableException",
                                       "There is no configuration yet",
                                       ServiceError::Fault::receiver});
  }
  if (auto verified = verify(*identity, *token, *table, *authority, now); !verified) {
    return tl::unexpected(std::move(verified).error());
  }
  const auto association = table->by_subject.find(identity->subject);
  if (association == table->by_subject.end()) {
    return aws::service_error(404, "ResourceNotFoundException",
                              "No association found for " + identity->subject);
  }
  const auto credentials = association->second.credentials->load();
  if (credentials && credentials->usable(now)) {
    if (request.method == "GET") {
      delivered_(association->second.arn, credentials->access_key_id, request);
    }
    return credentials->document;
  }
  const std::string why = credentials ? credentials->failure : "";
  return aws::service_error(400, "AccessDeniedException",
                            "Unauthorized Exception! EKS does not have permissions to assume the "
                            "associated role." +
                                (why.empty() ? "" : " (" + why + ")"));
}

HttpResponse PodIdentityService::handle(const base::HttpRequest& request) const {
  if (request.path() != "/v1/credentials") return page_not_found();
  if (const auto reason = refusal(request)) {
    return text_error(403, "Access Denied. " + std::string(*reason));
  }
  if (auto refused = refuse_method(request)) return *std::move(refused);
  const auto body = document(request);
  return body ? json_answer(200, *body) : answer_error(body.error(), random_);
}

}  // namespace imdsd::containers
