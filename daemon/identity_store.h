// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "daemon/state_dir.h"
#include "imds/identity_signer.h"

namespace imdsd::daemon {

/// The keys that identity documents are signed with: a file a region in the state directory, made
/// when the region is first used. For one thread; the signers are thread-safe, and live no longer
/// than state and clock.
class IdentityStore {
 public:
  IdentityStore(const StateDir& state, const base::Clock& clock) : state_(state), clock_(clock) {}

  /// The region's signer, always the same one. Reads the file where there is one; where there is
  /// none, keys are made when the signer is first asked for them. Errc::corrupt, ::access_denied
  /// for a file that cannot be used: it is never replaced.
  [[nodiscard]] base::Result<std::shared_ptr<const imds::IdentitySigner>> signer(
      const std::string& region);

  [[nodiscard]] static std::string file_name(const std::string& region) {
    return "identity-" + region + ".pem";
  }

 private:
  [[nodiscard]] base::Result<imds::IdentityKeys> make_keys(const std::string& region) const;

  const StateDir& state_;
  const base::Clock& clock_;
  std::map<std::string, std::shared_ptr<const imds::IdentitySigner>> signers_;
};

}  // namespace imdsd::daemon
