// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/clock.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

/// Tells the log how credentials are obtained. What failed is tried again whenever it may have been
/// repaired; the same failure again within a minute is told at debug. Thread-safe.
class RotationLog {
 public:
  explicit RotationLog(const base::Clock& clock) : clock_(clock) {}
  void tell(const sts_client::RotationState& state);

 private:
  [[nodiscard]] bool is_news(const sts_client::RotationState& state);

  const base::Clock& clock_;
  std::mutex mutex_;  // guards what follows
  /// By instance or holder: the failure, and when it was told.
  std::map<std::string, std::pair<std::string, base::SteadyTime>> told_;
};

}  // namespace imdsd::daemon
