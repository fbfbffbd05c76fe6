// SPDX-License-Identifier: MIT
#include "iam/usage_tracker.h"

#include <utility>

namespace imdsd::iam {

UsageTracker::UsageTracker(const std::vector<Usage>& kept) {
  for (const Usage& usage : kept) entries_.emplace(usage.id, Entry{usage, false});
}

void UsageTracker::note(Usage usage) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[usage.id];
  entry.usage = std::move(usage);
  entry.unwritten = true;
}

std::optional<Usage> UsageTracker::find(std::string_view id) const {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(std::string(id));
  if (found == entries_.end()) return std::nullopt;
  return found->second.usage;
}

std::vector<Usage> UsageTracker::take_unwritten() {
  std::lock_guard lock(mutex_);
  std::vector<Usage> out;
  for (auto& [id, entry] : entries_) {
    if (!std::exchange(entry.unwritten, false)) continue;
    out.push_back(entry.usage);
  }
  return out;
}

}  // namespace imdsd::iam
