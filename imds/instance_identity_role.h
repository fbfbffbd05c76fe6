// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/snapshot_cell.h"
#include "imds/snapshot.h"

namespace imdsd::imds {

/// One set for each delivery; both expire in the same second.
struct InstanceIdentityCredentials {
  aws::Credentials imdsv1, imdsv2;
  base::SystemTime issued;
  base::SystemTime renew_at;  // from here on new ones are handed out
};

/// Called on event threads, by several at a time: it must not wait.
using IssueInstanceIdentity =
    std::function<base::Result<InstanceIdentityCredentials>(base::SystemTime now)>;

/// The credentials below identity-credentials/ec2/security-credentials/, issued when they are read
/// and kept until they are due for renewal: of thousands of instances, few read them
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-identity-roles.html).
/// Thread-safe.
class InstanceIdentityRole {
 public:
  static constexpr std::string_view kName = "ec2-instance";  // in the path

  explicit InstanceIdentityRole(IssueInstanceIdentity issue) : issue_(std::move(issue)) {}

  /// Never null. Where none can be issued, the old ones, or a document that says so.
  [[nodiscard]] std::shared_ptr<const RoleDocuments> documents(base::SystemTime now) const;
  /// The next reader is given new ones; the old ones stay valid.
  void renew() { kept_.store(nullptr); }

 private:
  struct Kept {
    std::shared_ptr<const RoleDocuments> documents;
    base::SystemTime renew_at;
  };

  const IssueInstanceIdentity issue_;
  mutable base::SnapshotCell<Kept> kept_;
  mutable std::mutex keeping_;  // held for copies of pointers only
};

}  // namespace imdsd::imds
