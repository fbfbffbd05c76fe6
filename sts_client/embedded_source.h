// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "base/clock.h"
#include "base/random.h"
#include "base/snapshot_cell.h"
#include "sts/authority.h"
#include "sts_client/credential_source.h"

namespace imdsd::sts_client {

/// Credentials from the daemon's own STS, as the service principal ec2.amazonaws.com or another
/// one; a function call, no port.
class EmbeddedSource final : public CredentialSource {
 public:
  EmbeddedSource(const base::Clock& clock, base::Random& random,
                 const base::SnapshotCell<sts::Authority>& authority);
  [[nodiscard]] base::Result<CredentialSets> fetch(const InstanceRole& instance,
                                                   std::chrono::seconds lifetime) override;

 private:
  const base::Clock& clock_;
  base::Random& random_;
  const base::SnapshotCell<sts::Authority>& authority_;
};

}  // namespace imdsd::sts_client
