// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "aws/credentials.h"
#include "base/result.h"

namespace imdsd::sts_client {

/// An instance and the role it runs as.
struct InstanceRole {
  std::string instance_id;
  std::string instance_arn;
  std::string account;
  std::string role_name;
  friend bool operator==(const InstanceRole&, const InstanceRole&) = default;
};

/// The credentials that IMDSv1 and IMDSv2 answers carry: two sessions of one role, which differ in
/// ec2:RoleDelivery. Both expire in the same second.
struct CredentialSets {
  std::shared_ptr<const aws::Credentials> imdsv1;
  std::shared_ptr<const aws::Credentials> imdsv2;
  base::SystemTime issued;
  [[nodiscard]] base::SystemTime expiration() const { return imdsv2->expiration; }
};

/// Where an instance's role credentials come from. Called by one thread at a time.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// Errc::access_denied: the role's trust policy does not admit EC2; ::not_found: no such role;
  /// ::unavailable: try again.
  [[nodiscard]] virtual base::Result<CredentialSets> fetch(const InstanceRole& instance,
                                                           std::chrono::seconds lifetime) = 0;
};

}  // namespace imdsd::sts_client
