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
#include "base/random.h"
#include "base/xml_writer.h"
#include "ec2/instance_control.h"
#include "iam/action_answer.h"
#include "iam/caller.h"
#include "iam/control_policies.h"
#include "iam/directory.h"

namespace imdsd::ec2 {

/// What EC2 acts on besides the request. References outlive the call.
struct Context {
  InstanceControl& instances;
  const iam::Directory& directory;
  const std::shared_ptr<const iam::ControlPolicies>& control_policies;
  base::Random& random;
  base::SystemTime now;
  std::string_view partition;
  iam::AuthMode mode = iam::AuthMode::enforce;
  /// Encrypts what iam::authorization_message() tells, for this account alone to read.
  std::function<std::string(const std::string& json, const std::string& account)> seal;
};

/// One call, authenticated. References outlive the call.
struct ActionRequest {
  const aws::QueryParameters& parameters;
  const iam::Caller& caller;
  const base::HttpRequest& http;
  std::string_view region;  // of the credential scope
  std::string_view request_id;
};

/// One call on its way through its action.
struct Call {
  const ActionRequest& request;
  const Context& context;
  const Place place;
  base::XmlWriter& xml;       // the open response element
  iam::ActionAnswer& answer;  // tells of decisions, for audit

  [[nodiscard]] const aws::QueryParameters& parameters() const { return request.parameters; }
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string(parameters().get(name).value_or(""));
  }
  /// Instances belong to one account: callers of another one see none.
  [[nodiscard]] bool is_owner() const { return request.caller.principal.account == place.account; }
  [[nodiscard]] std::optional<Instance> find(std::string_view id) const {
    return is_owner() ? context.instances.find(id) : std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> ids() const {
    return is_owner() ? context.instances.ids() : std::vector<std::string>();
  }
  [[nodiscard]] std::vector<Association> associations() const {
    return is_owner() ? context.instances.associations() : std::vector<Association>();
  }
  /// "arn:aws:ec2:us-east-1:123456789012:instance/i-…"
  [[nodiscard]] std::string arn(std::string_view type, std::string_view id) const;

  /// With DryRun=true: DryRunOperation. To be asked when nothing but the change itself is left to
  /// do (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html).
  [[nodiscard]] aws::Outcome<void> end_dry_run() const;
  /// Runs `change` on one instance; its error, or what find_instance() says of one that is not
  /// there any more.
  [[nodiscard]] aws::Outcome<Instance> change(
      const std::string& id, const std::function<aws::Outcome<void>(Instance&)>& change) const;
};

}  // namespace imdsd::ec2
