// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iam/store.h"

namespace imdsd::iam {

/// When access keys, roles and passwords were last used. Every authenticated request notes it, so
/// it is kept in memory and written behind, now and then: AWS's own figures are minutes late, too.
/// Thread-safe.
class UsageTracker {
 public:
  explicit UsageTracker(const std::vector<Usage>& kept = {});

  void note(Usage usage);
  [[nodiscard]] std::optional<Usage> find(std::string_view id) const;
  /// What was noted since the last call.
  [[nodiscard]] std::vector<Usage> take_unwritten();

 private:
  struct Entry {
    Usage usage;
    bool unwritten = false;
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::vector<Entry*> unwritten_;  // requests do not wait for a look at all of them
};

}  // namespace imdsd::iam
