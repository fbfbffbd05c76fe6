// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "aws/credentials.h"
#include "base/result.h"

namespace imdsd::sts_client {

/// How another service than EC2 assumes a role for what runs there: an ECS task, a pod of EKS.
struct ServiceSession {
  std::string principal;     // "ecs-tasks.amazonaws.com"; empty: EC2, and the rest is so, too
  std::string session_name;  // RoleSessionName
  std::string source_arn;    // aws:SourceArn of the trust policy
  std::map<std::string, std::string> tags;  // of the session, transitive
  friend bool operator==(const ServiceSession&, const ServiceSession&) = default;
};

/// An instance, or what runs there, and the role that it has.
struct InstanceRole {
  std::string instance_id;  // what the rotation knows it by; of a task or a pod, an ARN
  std::string instance_arn;
  std::string account;
  std::string role_name;
  ServiceSession service = {};
  std::string vpc_id = {}, private_ipv4 = {};  // of the instance; the second may be missing
  friend bool operator==(const InstanceRole&, const InstanceRole&) = default;
};

/// The credentials that IMDSv1 and IMDSv2 answers carry: two sessions of one role, which differ in
/// ec2:RoleDelivery. Both expire in the same second. Of another service than EC2 both are the same.
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
  /// Errc::access_denied: the role's trust policy does not admit the service; ::not_found: no such
  /// role; ::unavailable: try again.
  [[nodiscard]] virtual base::Result<CredentialSets> fetch(const InstanceRole& instance,
                                                           std::chrono::seconds lifetime) = 0;
};

}  // namespace imdsd::sts_client
