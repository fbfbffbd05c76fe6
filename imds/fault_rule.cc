// SPDX-License-Identifier: MIT
#include "imds/fault_rule.h"

#include <algorithm>
#include <cmath>

namespace imdsd::imds {

using std::chrono::milliseconds;

std::string_view to_string(FaultDoor door) {
  switch (door) {
    case FaultDoor::imds:
      return "imds";
    case FaultDoor::ecs:
      return "ecs";
    case FaultDoor::eks:
      return "eks";
  }
  return "";
}

bool FaultMatch::fits(FaultDoor at, std::string_view asked,
                      const base::HttpRequest& request) const {
  if (at != door || !path.matches(asked)) return false;
  if (!method.empty() && method != request.method) return false;
  if (peer && !(request.peer.address && peer->contains(request.peer.address->ip))) return false;
  return !user_agent || user_agent->matches(request.headers.get("User-Agent").value_or(""));
}

milliseconds FaultLatency::draw(double uniform01) const {
  double wanted = static_cast<double>(high.count());
  if (kind == Kind::uniform) {
    wanted =
        static_cast<double>(low.count()) + uniform01 * static_cast<double>((high - low).count());
  } else if (kind == Kind::tail) {
    // The quantile function of the exponential distribution, scaled to pass through the point
    // (percentile, high).
    wanted *= std::log1p(-uniform01) / std::log1p(-percentile);
  }
  const auto most = static_cast<double>(kMaxFaultDelay.count());
  return milliseconds(std::llround(std::clamp(wanted, 0.0, most)));
}

std::size_t FaultPortion::of(std::size_t size) const noexcept {
  return percent ? size * amount / 100 : std::min(amount, size);
}

bool FaultEffect::decides() const noexcept {
  return reset || hang || status || body || !content_type.empty() || truncate || cut ||
         http_endpoint_disabled || http_tokens_required || hop_limit || role_missing ||
         credentials_expired || credentials_stale || !code.empty() || clock_skew.count() != 0;
}

}  // namespace imdsd::imds
