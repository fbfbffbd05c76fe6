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
  if (!std::exchange(entry.unwritten, true)) unwritten_.push_back(&entry);
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
  out.reserve(unwritten_.size());
  for (Entry* entry : unwritten_) {
    entry->unwritten = false;
    out.push_back(entry->usage);
  }
  unwritten_.clear();
  return out;
}

}  // namespace imdsd::iam
