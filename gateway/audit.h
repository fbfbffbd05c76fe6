// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "iam/evaluate.h"
#include "iam/explain.h"
#include "iam/permission.h"

namespace imdsd::gateway {

/// One API call, after its answer was made. Never a secret, never a request body.
struct AuditRecord {
  base::SystemTime time;
  std::string request_id;
  std::string service, action;
  std::string resource;    // ARN that the decision was about; empty: none, or none was taken
  std::string caller_arn;  // empty: not authenticated
  std::string access_key_id;
  std::string source_ip;
  int status = 0;
  std::string error_code;  // empty: success
  std::optional<iam::Decision> decision;
  iam::Explanation explanation;              // of a denial
  std::vector<iam::Permission> permissions;  // that were decided about; a call may need several
  bool would_deny = false;                   // passed in audit mode only
};

/// Thread-safe; must not block for long.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  virtual void record(const AuditRecord& record) = 0;
};

/// The last denials, to be explained on request. Thread-safe.
class RecentDenials {
 public:
  struct Entry {
    std::string request_id;
    base::SystemTime time;
    iam::Explanation explanation;
  };

  void add(const AuditRecord& record);
  /// By request id; nothing when it was no denial, or too many came later. Empty: the last one.
  [[nodiscard]] std::optional<Entry> find(std::string_view request_id) const;

  static constexpr std::size_t kKept = 256;

 private:
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;  // newest last
};

/// Writes records to the log: denials that audit mode let pass at warn, everything else at debug.
class LogAuditSink final : public AuditSink {
 public:
  /// `denials`, which outlives this, is told each of them.
  explicit LogAuditSink(RecentDenials& denials) : denials_(denials) {}
  void record(const AuditRecord& record) override;

 private:
  RecentDenials& denials_;
};

}  // namespace imdsd::gateway
