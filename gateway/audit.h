// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "iam/evaluate.h"

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
  bool would_deny = false;  // passed in audit mode only
};

/// Thread-safe; must not block for long.
class AuditSink {
 public:
  virtual ~AuditSink() = default;
  virtual void record(const AuditRecord& record) = 0;
};

/// Writes records to the log: denials that audit mode let pass at warn, everything else at debug.
class LogAuditSink final : public AuditSink {
 public:
  void record(const AuditRecord& record) override;
};

}  // namespace imdsd::gateway
