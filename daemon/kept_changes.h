// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/metadata_change.h"
#include "daemon/state_dir.h"

namespace imdsd::daemon {

/// What `imdsctl set --keep` has to find again after a restart: metadata-changes.json in the state
/// directory, by instance id. Those of instances that are not configured stay. Thread-safe.
class KeptChanges {
 public:
  /// `state` outlives it.
  explicit KeptChanges(const StateDir& state) : state_(state) {}

  /// Once, at start. Errc::corrupt for a file that does not read back; it is left as it is.
  [[nodiscard]] base::Result<void> load();
  [[nodiscard]] std::vector<MetadataChange> of(const std::string& instance_id) const;
  /// Those of `changes` that are to be kept, from now on; durable when it returns.
  /// Errc::unavailable when the disk does not take them: the file is as it was then.
  [[nodiscard]] base::Result<void> store(const std::string& instance_id,
                                         const std::vector<MetadataChange>& changes);

 private:
  using ByInstance = std::map<std::string, std::vector<MetadataChange>>;
  [[nodiscard]] static base::Result<ByInstance> parse(std::string_view text);
  [[nodiscard]] static std::string print(const ByInstance& changes);

  const StateDir& state_;
  mutable std::mutex mutex_;
  ByInstance kept_;
};

}  // namespace imdsd::daemon
