// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>

#include "daemon/state_dir.h"
#include "sts/signing_keys.h"

namespace imdsd::daemon {

/// The signing keys in the state directory: made when first asked for, replaced when they are due.
/// Thread-safe.
class SigningKeyFile final : public sts::SigningKeySource {
 public:
  /// `state` outlives it.
  explicit SigningKeyFile(const StateDir& state) : state_(state) {}

  /// Errc::corrupt when the file cannot be read: it is never overwritten then. While new keys
  /// cannot be written, the old ones go on.
  [[nodiscard]] base::Result<std::shared_ptr<const sts::SigningKeys>> keys(
      base::SystemTime now) override;

 private:
  [[nodiscard]] base::Result<void> read();
  [[nodiscard]] base::Result<void> rotate(base::SystemTime now);

  const StateDir& state_;
  std::mutex mutex_;
  std::shared_ptr<const sts::SigningKeys> keys_;  // null: not read yet
};

}  // namespace imdsd::daemon
