// SPDX-License-Identifier: MIT
// The AWS port: tells the services apart, authenticates once, answers in each service's shape.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "base/snapshot_cell.h"
#include "ec2/instance_control.h"
#include "gateway/audit.h"
#include "iam/credential_reports.h"
#include "iam/directory_service.h"
#include "iam/mfa_throttle.h"
#include "iam/usage_tracker.h"
#include "s3/service.h"
#include "sts/authority.h"

namespace imdsd::gateway {

/// What a reload may change besides the Authority.
struct Settings {
  std::vector<std::string> allowed_hosts;  // beside IP literals, localhost and *.localhost
  /// What the host of a virtual-hosted request to S3 ends in: BUCKET.localhost.
  std::vector<std::string> s3_domains = {"localhost"};
};

/// Signed requests go by the service in their credential scope, unsigned ones by Action and
/// Version; without an Action they are for S3. A service is found in one table; a later one adds a
/// row. Thread-safe; handlers run on the worker pool.
class Gateway {
 public:
  Gateway(const base::Clock& clock, base::Random& random,
          const base::SnapshotCell<sts::Authority>& authority,
          const base::SnapshotCell<Settings>& settings, iam::DirectoryService& directory,
          iam::UsageTracker& usage, ec2::InstanceControl& instances, s3::Service& s3,
          AuditSink& audit);

  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;
  /// The same for somebody whom this process itself has authenticated, as the console does by
  /// password: whatever signature the request has is not looked at, nor where it came from.
  [[nodiscard]] base::HttpResponse handle_for(const iam::Caller& caller,
                                              const base::HttpRequest& request) const;

  enum class Effort {
    small,      // an answer from memory: a small object of S3 that was read before
    computing,  // signatures, policies
    waiting     // for the disk: the APIs of IAM and EC2 write there, and so does a code of an MFA
                // device, which works once; S3 reads there, too. A long form takes as long
  };
  /// What handle() does with this one. Cheap, and may be wrong: it sees what is written as usual,
  /// and of S3 what is so now.
  [[nodiscard]] Effort effort_of(const base::HttpRequest& request) const;

  /// Is the body of this head to be read by handle(), as it arrives, and not before? Cheap.
  [[nodiscard]] bool streams(const base::HttpRequest& head) const;

  /// The largest buffered Query body (10,000,000 bytes, as STS was seen to accept); beyond: 413, no
  /// body.
  static constexpr std::size_t kMaxQueryBodyBytes = 10'000'000;

 private:
  [[nodiscard]] base::HttpResponse answer(const base::HttpRequest& request,
                                          const iam::Caller* vouched) const;

  const base::Clock& clock_;
  base::Random& random_;
  const base::SnapshotCell<sts::Authority>& authority_;
  const base::SnapshotCell<Settings>& settings_;
  iam::DirectoryService& directory_;
  iam::UsageTracker& usage_;
  ec2::InstanceControl& instances_;
  s3::Service& s3_;
  mutable iam::CredentialReports reports_;
  mutable iam::MfaThrottle mfa_throttle_;
  AuditSink& audit_;
};

}  // namespace imdsd::gateway
