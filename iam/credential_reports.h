// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace imdsd::iam {

/// The credential report of each account that was last asked for. Kept in memory alone: a report
/// that is gone is made again on request. Thread-safe.
class CredentialReports {
 public:
  struct Report {
    base::SystemTime generated;
    std::string csv;
  };

  /// Null without one.
  [[nodiscard]] std::shared_ptr<const Report> find(std::string_view account) const;
  void put(std::string_view account, Report report);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Report>, std::less<>> reports_;
};

}  // namespace imdsd::iam
