// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/clock.h"

namespace imdsd::sts_client {

/// Which instance is due next: a priority queue that can move and drop entries. Not thread-safe.
class Schedule {
 public:
  void set(const std::string& instance_id, base::SystemTime due) {
    remove(instance_id);
    by_time_.emplace(due, instance_id);
    by_id_.emplace(instance_id, due);
  }

  void remove(const std::string& instance_id) {
    const auto found = by_id_.find(instance_id);
    if (found == by_id_.end()) return;
    by_time_.erase({found->second, instance_id});
    by_id_.erase(found);
  }

  /// The earliest entry; it stays.
  [[nodiscard]] std::optional<std::pair<base::SystemTime, std::string>> first() const {
    if (by_time_.empty()) return std::nullopt;
    return *by_time_.begin();
  }

 private:
  std::set<std::pair<base::SystemTime, std::string>> by_time_;
  std::map<std::string, base::SystemTime> by_id_;
};

}  // namespace imdsd::sts_client
