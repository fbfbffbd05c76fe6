// SPDX-License-Identifier: MIT
// How an AWS service obtains a role's credentials. In process only: no port leads here, because a
// service principal has no signature.
#pragma once

#include <chrono>
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
  iam::RoleDelivery delivery = iam::RoleDelivery::imdsv2;
  std::string source_instance_arn;
};

/// Errc::not_found: no such role. Errc::access_denied: its trust policy does not admit the service.
/// The expiration is a whole second, now + lifetime rounded down.
[[nodiscard]] base::Result<aws::Credentials> issue_for_service(const ServiceSessionRequest& request,
                                                               const Authority& authority,
                                                               base::SystemTime now,
                                                               base::Random& random);

}  // namespace imdsd::sts
