// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "base/snapshot_cell.h"
#include "daemon/state_dir.h"
#include "sts/signing_keys.h"

namespace imdsd::daemon {

/// The signing keys in the state directory: made when first asked for, replaced when they are due.
/// Thread-safe. One caller at a time makes keys, which takes some tenths of a second and a sync of
/// the disk; only those who find none at all wait for it.
class SigningKeyFile final : public sts::SigningKeySource {
 public:
  /// So long after a failure nothing is tried, and the failure is told again.
  static constexpr std::chrono::seconds kRetryAfter{60};
  /// Keys that were made and not written are written later, while they are so young: a key says
  /// when it was made, and signs a day after that.
  static constexpr std::chrono::hours kKeepUnwritten{1};

  /// `state` outlives it.
  explicit SigningKeyFile(const StateDir& state) : state_(state) {}

  /// Errc::corrupt when the file cannot be read: it is never overwritten then. While new keys
  /// cannot be written, the old ones go on.
  [[nodiscard]] base::Result<std::shared_ptr<const sts::SigningKeys>> keys(
      base::SystemTime now) override;

 private:
  using Keys = std::shared_ptr<const sts::SigningKeys>;
  struct Unwritten {
    sts::SigningKeys keys;
    base::SystemTime made;
  };
  struct Failure {
    base::Error error;
    base::SystemTime at;
  };
  // With replacing_ held:
  [[nodiscard]] base::Result<Keys> replaced(base::SystemTime now);
  [[nodiscard]] base::Result<Keys> read() const;
  [[nodiscard]] base::Result<Keys> make(const sts::SigningKeys& old, base::SystemTime now);
  [[nodiscard]] base::Result<Keys> try_to_make(const sts::SigningKeys& old, base::SystemTime now);

  const StateDir& state_;
  base::SnapshotCell<sts::SigningKeys> keys_;  // null: not read yet
  std::mutex replacing_;                       // guards what follows
  std::optional<Unwritten> unwritten_;
  std::optional<Failure> failure_;
};

}  // namespace imdsd::daemon
