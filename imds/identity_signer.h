// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/snapshot_cell.h"
#include "imds/identity_keys.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// Signs the identity documents of one region, with keys that may still have to be made.
/// Thread-safe.
class IdentitySigner {
 public:
  /// `obtain` is asked until it succeeds once.
  explicit IdentitySigner(std::function<base::Result<IdentityKeys>()> obtain)
      : obtain_(std::move(obtain)) {}
  explicit IdentitySigner(IdentityKeys keys)
      : made_(std::make_shared<const IdentityKeys>(std::move(keys))) {}

  /// Not for event threads: whoever comes first has the keys made, everybody else waits for that.
  [[nodiscard]] base::Result<IdentityKeys> keys() const;

  /// What EC2 serves under `type.name`: base64 in lines of 76 characters, without a final newline.
  /// Never waits: Errc::unavailable until keys() has succeeded once.
  [[nodiscard]] base::Result<std::string> sign(std::size_t type, const std::string& document,
                                               base::SystemTime now) const;

 private:
  const std::function<base::Result<IdentityKeys>()> obtain_;
  mutable std::mutex making_;  // held while they are made: nothing that sign() takes
  mutable base::SnapshotCell<IdentityKeys> made_;
};

/// The rows beside dynamic/instance-identity/document: signatures over exactly these bytes, made
/// when they are first read, and unavailable until the signer has its keys.
void add_signature_rows(std::shared_ptr<const IdentitySigner> signer, const std::string& document,
                        std::vector<MetadataRow>& rows);

}  // namespace imdsd::imds
