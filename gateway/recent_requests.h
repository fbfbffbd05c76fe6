// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/audit.h"

namespace imdsd::gateway {

/// One call as a list of calls shows it.
struct RecentRequest {
  std::uint64_t number = 0;  // counts up, from 1: what is newer than another
  base::SystemTime time;
  std::string request_id, service, action, resource, caller_arn, source_ip;
  int status = 0;
  std::string error_code;
  std::string_view decision, decided_by;  // reason_name() and layer_name(); empty: nothing decided
  bool would_deny = false;
};

/// The last calls, newest first, as the console shows them. Thread-safe. Never a secret.
class RecentRequests {
 public:
  static constexpr std::size_t kKept = 256;

  /// Keeps them from now on: where nobody looks, they cost nothing.
  void start() noexcept { keeps_.store(true, std::memory_order_relaxed); }

  void add(const AuditRecord& record);
  /// Those that `wanted` takes and that are newer than number `after`, at most `most`.
  [[nodiscard]] std::vector<RecentRequest> list(
      std::uint64_t after, std::size_t most,
      const std::function<bool(const RecentRequest&)>& wanted) const;

 private:
  std::atomic<bool> keeps_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::uint64_t last_ = 0;
  std::deque<RecentRequest> requests_;  // newest first
};

}  // namespace imdsd::gateway
