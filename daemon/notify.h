// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/environment.h"

namespace imdsd::daemon {

/// Tells systemd how the service is doing: sd_notify(3) without its library, one datagram a
/// message. Does nothing where $NOTIFY_SOCKET is unset. Thread-safe; failures are ignored, as the
/// manual advises.
class Notifier {
 public:
  explicit Notifier(const base::Environment& environment);

  void ready(std::string_view status) const;
  /// systemd 253 and later match the reload to its end by the time.
  void reloading(base::SteadyTime now) const;
  void stopping() const;
  void watchdog() const;

  /// How often watchdog() is due: half of what systemd grants; none when it does not watch this
  /// process.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() const {
    return watchdog_interval_;
  }

 private:
  void send(const std::string& message) const;
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_interval_;
};

}  // namespace imdsd::daemon
