// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "imds/identity_keys.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// Signs the identity documents of one region, with keys that may still have to be made.
/// Thread-safe: whoever needs the keys first has them made, everybody else waits for that.
class IdentitySigner {
 public:
  /// `obtain` is asked until it succeeds once.
  explicit IdentitySigner(std::function<base::Result<IdentityKeys>()> obtain)
      : obtain_(std::move(obtain)) {}

  [[nodiscard]] base::Result<IdentityKeys> keys() const;

  /// What EC2 serves under `type.name`: base64 in lines of 76 characters, without a final newline.
  [[nodiscard]] base::Result<std::string> sign(std::size_t type, const std::string& document,
                                               base::SystemTime now) const;

 private:
  const std::function<base::Result<IdentityKeys>()> obtain_;
  mutable std::mutex mutex_;
  mutable std::optional<IdentityKeys> keys_;
};

/// The rows beside dynamic/instance-identity/document: signatures over exactly these bytes, made
/// when they are first read.
void add_signature_rows(std::shared_ptr<const IdentitySigner> signer, const std::string& document,
                        std::vector<MetadataRow>& rows);

}  // namespace imdsd::imds
