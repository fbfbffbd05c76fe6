// SPDX-License-Identifier: MIT
// How an AWS service obtains a role's credentials. In process only: no port leads here, because a
// service principal has no signature.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "base/random.h"
#include "base/result.h"
#include "iam/caller.h"
#include "sts/authority.h"

namespace imdsd::sts {

struct ServiceSessionRequest {
  std::string service_principal;  // "ec2.amazonaws.com"
  std::string account, role_name;
  std::string session_name;                 // the instance id
  std::chrono::seconds lifetime{6 * 3600};  // neither 900 s nor MaxSessionDuration binds a service
  std::optional<iam::RoleDelivery> delivery = iam::RoleDelivery::imdsv2;  // none: not an instance's
  std::string source_instance_arn = {};
  std::string source_vpc = {}, source_private_ipv4 = {};  // of that instance
  /// For what the service asks: aws:SourceArn, and its account aws:SourceAccount, in the trust
  /// policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). Empty:
  /// neither.
  std::string source_arn = {};
  /// Session tags, all of them transitive; they need sts:TagSession.
  std::map<std::string, std::string> tags = {};
};

/// Errc::not_found: no such role. Errc::access_denied: its trust policy does not admit the service.
/// The expiration is a whole second, now + lifetime rounded down.
[[nodiscard]] base::Result<aws::Credentials> issue_for_service(const ServiceSessionRequest& request,
                                                               const Authority& authority,
                                                               base::SystemTime now,
                                                               base::Random& random);

}  // namespace imdsd::sts
