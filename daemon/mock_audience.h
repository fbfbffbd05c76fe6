// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>

#include "base/http_message.h"

namespace imdsd::daemon {

/// The client addresses that see events: the first so many that ask for one. Thread-safe.
class MockAudience {
 public:
  explicit MockAudience(std::size_t most) : most_(most) {}

  /// The answer, or EC2's 404 where it would show an event to somebody else.
  [[nodiscard]] base::HttpResponse pass(const base::HttpRequest& request,
                                        base::HttpResponse answer);

 private:
  [[nodiscard]] bool admits(const base::HttpPeer& peer);

  const std::size_t most_;
  std::mutex mutex_;
  std::set<std::string> admitted_;
};

}  // namespace imdsd::daemon
