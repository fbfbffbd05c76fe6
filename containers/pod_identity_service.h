// SPDX-License-Identifier: MIT
// What the EKS Pod Identity agent answers to pods on 169.254.170.23 and fd00:ec2::23
// (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html), and the EKS Auth
// service behind it: a service account's token becomes the credentials of its role.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/service_error.h"
#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "base/snapshot_cell.h"
#include "containers/credential_documents.h"
#include "sts/authority.h"

namespace imdsd::containers {

inline constexpr std::string_view kPodIdentityPrincipal = "pods.eks.amazonaws.com";
/// The audience of the tokens
/// (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
inline constexpr std::string_view kPodIdentityAudience = kPodIdentityPrincipal;

/// The `sub` of a service account's token.
[[nodiscard]] std::string service_account_subject(std::string_view name_space,
                                                  std::string_view service_account);

/// The role of a service account.
struct PodIdentityAssociation {
  std::string arn;
  std::string name_space, service_account;
  std::shared_ptr<CredentialCell> credentials;
};

/// All of a cluster; immutable, and loaded once a request.
struct PodIdentityTable {
  std::vector<std::string> issuers;  // whose tokens count, beside those of imdsd's own cluster
  std::map<std::string, PodIdentityAssociation, std::less<>> by_subject;
};

/// Thread-safe. It verifies signatures and may fetch an issuer's keys: for worker threads.
class PodIdentityService {
 public:
  PodIdentityService(const base::Clock& clock, base::Random& random,
                     const base::SnapshotCell<sts::Authority>& authority,
                     const base::SnapshotCell<PodIdentityTable>& associations,
                     DeliveryObserver delivered)
      : clock_(clock),
        random_(random),
        authority_(authority),
        associations_(associations),
        delivered_(std::move(delivered)) {}
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;

  static constexpr std::size_t kMaxBodyBytes = 4096;

 private:
  [[nodiscard]] aws::Outcome<std::string> document(const base::HttpRequest& request) const;

  const base::Clock& clock_;
  base::Random& random_;
  const base::SnapshotCell<sts::Authority>& authority_;
  const base::SnapshotCell<PodIdentityTable>& associations_;
  const DeliveryObserver delivered_;
};

}  // namespace imdsd::containers
