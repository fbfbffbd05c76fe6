// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "daemon/container_plan.h"
#include "sts/web_identity_issuer.h"

namespace imdsd::daemon {

/// The tokens of service accounts that have an association, in files, as the kubelet projects them
/// into pods: NAMESPACE/SERVICE-ACCOUNT/eks-pod-identity-token. They live for a day and are written
/// anew when half of it is over. 0600; folders that are missing are made 0700. Thread-safe.
class PodTokenFiles {
 public:
  using Sign = std::function<base::Result<base::Secret>(const sts::ServiceAccountTerms& terms)>;

  /// `default_folder`: where they are unless the plan names a folder.
  explicit PodTokenFiles(std::string default_folder) : default_folder_(std::move(default_folder)) {}

  /// Writes what is due, or all. The first failure ends it.
  [[nodiscard]] base::Result<void> refresh(const ContainerPlan& plan, bool all,
                                           base::SystemTime now, const Sign& sign);
  [[nodiscard]] std::string path_of(const ContainerPlan& plan,
                                    const containers::PodIdentityAssociation& association) const;

 private:
  const std::string default_folder_;
  std::mutex mutex_;
  std::map<std::string, base::SystemTime> written_;  // by path
};

}  // namespace imdsd::daemon
