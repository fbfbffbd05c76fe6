// SPDX-License-Identifier: MIT
#include "iam/mfa_throttle.h"

#include <algorithm>

namespace imdsd::iam {

/// Behind so many wrong codes in a row.
std::chrono::seconds MfaThrottle::pause_after(unsigned wrong) const {
  auto pause = kFirstPause;
  for (unsigned i = wrong_codes_; i < wrong; ++i) pause = std::min(pause * 2, kLongestPause);
  return pause;
}

bool MfaThrottle::admit(std::string_view serial_number) {
  const base::SteadyTime now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  Device& device = find_or_add(serial_number);
  if (now < device.paused_until) return false;
  const unsigned counted = wrong_codes_ + 16;  // the pause is the longest long before
  device.wrong = std::min(device.wrong + 1, counted);
  if (device.wrong >= wrong_codes_) device.paused_until = now + pause_after(device.wrong);
  return true;
}

void MfaThrottle::clear(std::string_view serial_number) {
  const std::lock_guard lock(mutex_);
  const auto found = by_serial_number_.find(serial_number);
  if (found == by_serial_number_.end()) return;
  const Devices::iterator device = found->second;
  by_serial_number_.erase(found);
  devices_.erase(device);
}

MfaThrottle::Device& MfaThrottle::find_or_add(std::string_view serial_number) {
  if (const auto found = by_serial_number_.find(serial_number); found != by_serial_number_.end()) {
    devices_.splice(devices_.begin(), devices_, found->second);
    return devices_.front();
  }
  if (devices_.size() >= most_) {
    by_serial_number_.erase(devices_.back().serial_number);
    devices_.pop_back();
  }
  devices_.push_front({std::string(serial_number)});
  by_serial_number_.emplace(devices_.front().serial_number, devices_.begin());
  return devices_.front();
}

}  // namespace imdsd::iam
