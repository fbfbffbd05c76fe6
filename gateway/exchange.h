// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aws/service_error.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "ec2/instance_control.h"
#include "gateway/audit.h"
#include "iam/caller.h"
#include "iam/credential_reports.h"
#include "iam/directory_service.h"
#include "iam/mfa_throttle.h"
#include "iam/usage_tracker.h"
#include "s3/service.h"
#include "sts/authority.h"

namespace imdsd::gateway {

/// One call on its way through the gateway. What is learnt of it on the way goes into `record`.
struct Exchange {
  const base::HttpRequest& http;
  const sts::Authority& authority;
  iam::DirectoryService& directory;  // to be changed by IAM; reads go by the authority
  iam::UsageTracker& usage;
  ec2::InstanceControl& instances;
  iam::CredentialReports& reports;
  iam::MfaThrottle& mfa_throttle;
  s3::Service& s3;
  std::span<const std::string> s3_domains;  // as Settings has them
  base::Random& random;
  base::SystemTime now;
  std::string request_id;
  std::string region = {};  // of the credential scope; empty without one
  AuditRecord record = {};
  const iam::Caller* vouched =
      nullptr;  // who calls, authenticated before; null: the signature tells
};

/// An answer with a text/xml body.
[[nodiscard]] base::HttpResponse xml_response(int status, std::string body);
/// An error in the shape of the Query services, noted in the record.
[[nodiscard]] base::HttpResponse query_error(Exchange& exchange, const aws::ServiceError& error,
                                             std::string_view xmlns);

}  // namespace imdsd::gateway
