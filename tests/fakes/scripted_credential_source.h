// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/time_format.h"
#include "base/clock.h"
#include "sts_client/credential_source.h"

namespace imdsd::fakes {

/// Makes numbered credentials (ASIA1, ASIA2, …) by the clock, or fails as it was told. Thread-safe.
class ScriptedCredentialSource final : public sts_client::CredentialSource {
 public:
  explicit ScriptedCredentialSource(const base::Clock& clock) : clock_(clock) {}

  base::Result<sts_client::CredentialSets> fetch(const sts_client::InstanceRole& instance,
                                                 std::chrono::seconds lifetime) override {
    const bool alone = !busy_.exchange(true);
    std::lock_guard lock(mutex_);
    overlapped_ = overlapped_ || !alone;
    calls_.push_back(instance);
    busy_ = false;
    if (failure_) return tl::unexpected(*failure_);
    const auto now = clock_.now();
    const auto number = std::to_string(++issued_);
    const auto make = [&](const std::string& version) {
      return std::make_shared<const aws::Credentials>(
          aws::Credentials{"ASIA" + number + version, base::Secret("secret" + number),
                           base::Secret("token" + number), aws::floor_to_second(now + lifetime)});
    };
    return sts_client::CredentialSets{make("v1"), make("v2"), now};
  }

  void fail_with(base::Errc code) {
    std::lock_guard lock(mutex_);
    failure_ = base::Error{code, "scripted"};
  }
  void recover() {
    std::lock_guard lock(mutex_);
    failure_.reset();
  }
  [[nodiscard]] std::vector<sts_client::InstanceRole> calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }
  /// Two threads were inside fetch() at once.
  [[nodiscard]] bool overlapped() const {
    std::lock_guard lock(mutex_);
    return overlapped_;
  }

 private:
  const base::Clock& clock_;
  std::atomic<bool> busy_ = false;
  mutable std::mutex mutex_;
  std::optional<base::Error> failure_;
  std::vector<sts_client::InstanceRole> calls_;
  int issued_ = 0;
  bool overlapped_ = false;
};

}  // namespace imdsd::fakes
