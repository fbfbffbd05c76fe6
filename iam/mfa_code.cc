// SPDX-License-Identifier: MIT
#include "iam/mfa_code.h"

#include <algorithm>
#include <cstdlib>

#include "base/totp.h"

namespace imdsd::iam {
namespace {

constexpr std::int64_t kTolerance = 1;     // steps, to either side
constexpr std::int64_t kMaxDistance = 20;  // of two clocks that are compared

}  // namespace

std::optional<std::int64_t> accepted_step(const MfaDevice& device, std::string_view code,
                                          base::SystemTime now) {
  const std::int64_t shown = base::totp_step(now) + device.clock_ahead;
  return base::find_totp_step(device.seed.reveal(), code,
                              std::max(shown - kTolerance, device.last_step + 1),
                              shown + kTolerance);
}

bool synchronize(MfaDevice& device, std::string_view first, std::string_view second,
                 base::SystemTime now) {
  const std::string_view seed = device.seed.reveal();
  const std::int64_t here = base::totp_step(now);
  std::int64_t from = std::max(here - kMaxDistance, device.last_step + 1);
  while (const auto step = base::find_totp_step(seed, first, from, here + kMaxDistance)) {
    if (base::find_totp_step(seed, second, *step + 1, *step + 1)) {
      const std::int64_t ahead = *step + 1 - here;
      // What typing takes is no difference of clocks.
      device.clock_ahead = std::abs(ahead) <= kTolerance ? 0 : ahead;
      device.last_step = *step + 1;
      return true;
    }
    from = *step + 1;
  }
  return false;
}

}  // namespace imdsd::iam
