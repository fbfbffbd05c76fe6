// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "daemon/config.h"
#include "daemon/metrics.h"
#include "gateway/audit.h"
#include "gateway/call_counters.h"
#include "gateway/recent_requests.h"
#include "gateway/seen_permissions.h"
#include "iam/json_writer.h"
#include "imds/delivery_sink.h"

namespace imdsd::daemon {

/// Where records go.
struct AuditTarget {
  AuditConfig config;
  base::FileDescriptor fd;

  /// Null where no file is named. Errc::unavailable when it does not open. A reload opens the same
  /// file again: it may have been rotated.
  [[nodiscard]] static base::Result<std::shared_ptr<const AuditTarget>> open(
      const AuditConfig& config);
};

/// Who was handed which credentials, and what was called with them: lines of JSON in audit.file,
/// which join by access_key_id, and records of the log. docs/monitoring.md has their members. Never
/// a secret. Thread-safe; records wait for no disk: run() writes them, and what it cannot write
/// soon enough is counted, and told by a line of its own.
class AuditLog final : public gateway::AuditSink, public imds::DeliverySink {
 public:
  /// Both outlive this, and are told each call that concerns them.
  AuditLog(gateway::RecentDenials& denials, gateway::RecentRequests& requests)
      : log_(denials), requests_(requests) {}

  /// What callers were seen to need, since the start.
  [[nodiscard]] const gateway::SeenPermissions& seen() const noexcept { return seen_; }
  /// Of audit.file as it is now; empty: none, or standard error.
  [[nodiscard]] std::string file() const;

  /// From now on; null: nothing is written.
  void write_to(std::shared_ptr<const AuditTarget> target);

  void record(const gateway::AuditRecord& record) override;
  void record(const imds::CredentialDelivery& delivery) override;

  /// The writing thread; returns when `stop` is requested and everything is written.
  void run(std::stop_token stop);

  [[nodiscard]] AuditStats stats() const noexcept;
  [[nodiscard]] const gateway::CallCounters& calls() const noexcept { return calls_; }

  /// Of lines that wait to be written, about, and of their bytes: one call about a thousand objects
  /// is a line of a megabyte.
  static constexpr std::size_t kMaxWaiting = 65536;
  static constexpr std::size_t kMaxWaitingBytes = 64U << 20;

 private:
  /// A connection whose process is to be told.
  struct Ends {
    base::SocketAddress peer, local;
  };
  struct Line {
    iam::JsonWriter json;  // an object that is not ended yet
    std::optional<Ends> ends;
  };

  void add(Line line);
  void write(std::vector<Line> batch, std::uint64_t lost, const AuditTarget& target);
  void note_outcome(const AuditTarget& target, int error);

  gateway::LogAuditSink log_;
  gateway::RecentRequests& requests_;
  gateway::CallCounters calls_;
  gateway::SeenPermissions seen_;
  std::atomic<bool> enabled_ = false;
  std::atomic<std::uint64_t> written_ = 0, dropped_ = 0;
  bool failing_ = false;      // of run() alone: the last write failed
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::shared_ptr<const AuditTarget> target_;
  std::vector<Line> waiting_;
  std::size_t waiting_bytes_ = 0;  // of them
  std::uint64_t lost_ = 0;         // since the last batch
};

}  // namespace imdsd::daemon
