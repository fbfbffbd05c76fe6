// SPDX-License-Identifier: MIT
#pragma once

#include "base/file_descriptor.h"
#include "base/result.h"

namespace imdsd::daemon {

/// SIGTERM, SIGINT and SIGHUP as events for one waiting thread. Construct it before any thread
/// starts: it blocks the signals, and threads inherit that. finish() is thread-safe, wait() for one
/// thread.
class Signals {
 public:
  enum class Event { terminate, reload, finished };

  [[nodiscard]] static base::Result<Signals> block();

  [[nodiscard]] Event wait();
  /// Makes wait() return Event::finished, once.
  void finish();

 private:
  Signals(base::FileDescriptor signals, base::FileDescriptor finished)
      : signals_(std::move(signals)), finished_(std::move(finished)) {}
  base::FileDescriptor signals_;
  base::FileDescriptor finished_;
};

}  // namespace imdsd::daemon
