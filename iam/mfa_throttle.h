// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace imdsd::iam {

/// Slows the guessing of MFA codes down, as RFC 4226 section 7.3 asks: three of a million codes are
/// right at any time, and whoever may try without end finds one within minutes. From the tenth
/// wrong code of a device in a row on, none is taken for a step of 30 seconds, and for twice as
/// long after each further one; a right code ends the row. Kept in memory: a restart ends it, too.
/// Thread-safe.
class MfaThrottle {
 public:
  static constexpr unsigned kWrongCodes = 10;
  static constexpr std::chrono::seconds kFirstPause{30};
  static constexpr std::chrono::seconds kLongestPause{32 * kFirstPause};

  /// `clock` outlives it. The `most` devices that were tried last are remembered. `wrong_codes`:
  /// where something else than a device is counted, such as a password's user or a peer.
  explicit MfaThrottle(const base::Clock& clock, std::size_t most = 10'000,
                       unsigned wrong_codes = kWrongCodes)
      : clock_(clock), most_(most), wrong_codes_(wrong_codes) {}

  /// Counts a code before it is looked at, and so those that come at the same time, as wrong until
  /// clear() tells otherwise. False in a pause: it is to be refused as a wrong one, unseen, and
  /// does not count.
  [[nodiscard]] bool admit(std::string_view serial_number);
  /// The code was right; or the device is gone.
  void clear(std::string_view serial_number);

 private:
  struct Device {
    std::string serial_number;
    unsigned wrong = 0;  // in a row
    base::SteadyTime paused_until = base::SteadyTime::min();
  };
  using Devices = std::list<Device>;
  [[nodiscard]] std::chrono::seconds pause_after(unsigned wrong) const;
  [[nodiscard]] Device& find_or_add(std::string_view serial_number);

  const base::Clock& clock_;
  const std::size_t most_;
  const unsigned wrong_codes_;
  std::mutex mutex_;
  Devices devices_;  // tried last first
  std::unordered_map<std::string_view, Devices::iterator> by_serial_number_;
};

}  // namespace imdsd::iam
