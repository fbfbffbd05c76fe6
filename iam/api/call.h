// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/password_hash.h"
#include "base/random.h"
#include "base/xml_writer.h"
#include "iam/action_answer.h"
#include "iam/caller.h"
#include "iam/control_policies.h"
#include "iam/credential_reports.h"
#include "iam/directory_service.h"
#include "iam/mfa_throttle.h"
#include "iam/transaction.h"
#include "iam/usage_tracker.h"

namespace imdsd::iam::api {

/// What IAM acts on besides the request.
struct Context {
  DirectoryService& directory;
  const UsageTracker& usage;
  CredentialReports& reports;
  MfaThrottle& mfa_throttle;
  const std::shared_ptr<const ControlPolicies>& control_policies;
  base::Random& random;
  base::SystemTime now;
  std::string_view partition;
  AuthMode mode = AuthMode::enforce;
  base::PasswordCost password_cost = {};
  std::string_view issuer_url = {};  // what the URLs of accounts' token issuers begin with
};

/// One call whose parameters have been checked and which has been authorized.
struct Call {
  const aws::QueryParameters& parameters;
  const Caller& caller;
  Context& context;
  const base::HttpRequest& http;
  std::string_view region;                     // of the credential scope
  std::shared_ptr<const Directory> directory;  // as of the start, or behind the last write()
  base::XmlWriter& xml;                        // the open result element
  ActionAnswer& answer;                        // tells of the decision, for audit

  [[nodiscard]] const std::string& account() const { return caller.principal.account; }
  /// The parameter's text, or none.
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string(parameters.get(name).value_or(""));
  }
  /// False for an empty one as well: clients write `Path=` for none.
  [[nodiscard]] bool has(std::string_view name) const {
    return !parameters.get(name).value_or("").empty();
  }
  template <class T>
  [[nodiscard]] std::string arn(const T& entity) const {
    return arn_of(entity, context.partition);
  }

  /// Runs `change` on the newest directory; its changes are durable when this returns without an
  /// error, and not made at all with one.
  [[nodiscard]] aws::Outcome<void> write(
      const std::function<aws::Outcome<void>(Transaction&)>& change);
};

}  // namespace imdsd::iam::api
