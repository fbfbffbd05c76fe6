// SPDX-License-Identifier: MIT
// What `imdsctl credential-process` prints: credentials for a program of this machine, by the admin
// socket instead of a port.
#pragma once

#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/result.h"
#include "gateway/gateway.h"

namespace imdsd::daemon {

/// Of another role, as its holder would obtain them: by AssumeRole, decided by the trust policy and
/// by what the holder may do; an hour long, which is what role chaining gives.
struct RoleOfHolder {
  const aws::Credentials& holder;
  std::string role_arn, session_name, region;
};

/// Errc::access_denied with what STS says; the call is in the audit log like any other.
[[nodiscard]] base::Result<aws::Credentials> assume_role_of_holder(const RoleOfHolder& asked,
                                                                   const gateway::Gateway& gateway,
                                                                   base::SystemTime now);

}  // namespace imdsd::daemon
