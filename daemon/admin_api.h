// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "base/http_message.h"
#include "base/result.h"
#include "daemon/admin_access.h"
#include "daemon/explain_query.h"
#include "daemon/identity_certificates.h"
#include "daemon/status_report.h"
#include "sts/web_identity_issuer.h"

namespace imdsd::daemon {

/// What the admin socket can ask of the daemon. Thread-safe functions.
struct AdminActions {
  std::function<StatusReport()> status;
  /// All instances, or the named one. Errc::not_found for an unknown one.
  std::function<base::Result<void>(const std::string& instance_id)> rotate;
  /// Text, or JSON. Errc::not_found for an unknown request or caller.
  std::function<base::Result<std::string>(const ExplainQuery& query)> explain;
  /// The certificate, PEM, of the authority behind aws.tls_listen. Errc::not_found without such.
  std::function<base::Result<std::string>()> certificate_authority;
  std::function<base::Result<base::Secret>(const sts::ServiceAccountTerms& terms)>
      service_account_token;
  std::function<base::Result<IdentityCertificates>()> identity_certificates;
};

/// HTTP and JSON over the Unix socket; docs/admin.md is the contract. Runs on the worker pool.
class AdminApi {
 public:
  AdminApi(AdminAccess access, AdminActions actions)
      : access_(access), actions_(std::move(actions)) {}
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;

  static constexpr std::size_t kMaxBodyBytes = 4096;

 private:
  [[nodiscard]] base::HttpResponse rotate(const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpResponse certificate_authority() const;
  [[nodiscard]] base::HttpResponse service_account_token(const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpResponse identity_certificates() const;
  [[nodiscard]] base::HttpResponse explain(const base::HttpRequest& request) const;
  AdminAccess access_;
  AdminActions actions_;
};

}  // namespace imdsd::daemon
