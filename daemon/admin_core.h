// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "daemon/admin_route.h"
#include "daemon/explain_query.h"
#include "daemon/identity_certificates.h"
#include "daemon/status_report.h"
#include "sts/web_identity_issuer.h"

namespace imdsd::daemon {

/// What the routes of every daemon ask of it. Thread-safe functions.
struct AdminActions {
  /// Of all instances, or of the one of this name or id. Errc::not_found for an unknown one.
  std::function<base::Result<StatusReport>(const std::string& instance)> status;
  /// The same instances, and errors, as of `status`.
  std::function<base::Result<void>(const std::string& instance)> rotate;
  /// Text, or JSON. Errc::not_found for an unknown request or caller.
  std::function<base::Result<std::string>(const ExplainQuery& query)> explain;
  /// The certificate, PEM, of the authority behind aws.tls_listen. Errc::not_found without such.
  std::function<base::Result<std::string>()> certificate_authority;
  std::function<base::Result<base::Secret>(const sts::ServiceAccountTerms& terms)>
      service_account_token;
  std::function<base::Result<IdentityCertificates>()> identity_certificates;
};

/// Status, environment, rotation, explanations, tokens and certificates.
[[nodiscard]] std::vector<AdminRoute> core_routes(AdminActions actions);

}  // namespace imdsd::daemon
