// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sts_client/credential_source.h"

namespace imdsd::sts_client {

/// What is known of one instance's credentials; published whole after every attempt.
struct RotationState {
  InstanceRole instance;
  std::optional<CredentialSets>
      sets;  // the newest that was obtained; kept over failures, expired or not
  std::optional<base::Error> failure;  // of the last attempt
  base::SystemTime last_attempt;
  base::SystemTime next_attempt;
  std::uint64_t successes = 0, failures = 0;  // attempts, since the instance has this role
};

/// Obtains and renews the credentials of all instances: one scheduler, one thread. A failure keeps
/// the old set and retries (rotation_policy.h). Public members are thread-safe; the sink is called
/// without a lock held, by the thread that made the attempt, one call at a time per instance.
class CredentialRotator {
 public:
  using Sink = std::function<void(const RotationState&)>;

  CredentialRotator(base::Clock& clock, CredentialSource& source, std::chrono::seconds lifetime,
                    Sink sink);
  ~CredentialRotator();

  /// The instances from now on. New ones and those whose role changed are fetched before this
  /// returns (each failure is published, and retried later); others keep what they have; missing
  /// ones are forgotten.
  void set_instances(std::vector<InstanceRole> instances);
  /// Renews now: all, or the named instance. Errc::not_found for an unknown one; else the last
  /// failure if any failed, of all with the names of some who did.
  [[nodiscard]] base::Result<void> rotate_now(const std::string& instance_id = {});
  /// Tries again now for those whose last attempt failed; of many, for some before this returns and
  /// for the others right after it, in the scheduler's thread.
  void retry_failed();
  /// For credentials issued from now on.
  void set_lifetime(std::chrono::seconds lifetime);
  /// Sorted by instance id.
  [[nodiscard]] std::vector<RotationState> states() const;

  /// The scheduler; returns when `stop` is requested.
  void run(std::stop_token stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdsd::sts_client
