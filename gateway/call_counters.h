// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/audit.h"

namespace imdsd::gateway {

/// Counts calls by service, action and outcome, since the start. The actions are those that STS,
/// IAM, EC2 and S3 have here; what callers make up is counted under "other". Thread-safe: no lock,
/// nothing is allocated after construction.
class CallCounters {
 public:
  enum class Outcome : std::uint8_t { success, denied, client_error, server_error };

  CallCounters();

  void count(const AuditRecord& record) noexcept;

  struct Row {
    std::string_view service, action;
    Outcome outcome;
    std::uint64_t count;
  };
  /// Those that are not 0, sorted by service and action.
  [[nodiscard]] std::vector<Row> rows() const;

 private:
  static constexpr std::size_t kOutcomes = 4;
  using Counters = std::array<std::atomic<std::uint64_t>, kOutcomes>;
  struct Service {
    std::string_view name;
    std::unordered_map<std::string_view, Counters> actions;
    Counters other{};
  };
  [[nodiscard]] Counters& find(const AuditRecord& record) noexcept;

  // The services of the gateway, and one for what belongs to none of them.
  std::array<Service, 5> services_;
};

/// Denied: by a policy. The other errors are told apart by their status.
[[nodiscard]] CallCounters::Outcome outcome_of(const AuditRecord& record) noexcept;
/// "success", "client_error"
[[nodiscard]] std::string_view to_string(CallCounters::Outcome outcome) noexcept;

}  // namespace imdsd::gateway
