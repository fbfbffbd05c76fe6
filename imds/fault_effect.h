// SPDX-License-Identifier: MIT
// What a rule does to a request that it strikes: to the instance that the request sees, and to the
// answer that comes of it. Pure.
#pragma once

#include "base/clock.h"
#include "base/http_message.h"
#include "imds/fault.h"
#include "imds/snapshot.h"

namespace imdsd::imds {

/// How long ago `credentials_expired` documents ended.
inline constexpr std::chrono::minutes kFaultExpiredAgo{15};

/// The instance as the request sees it.
[[nodiscard]] InstanceSnapshot troubled(const InstanceSnapshot& snapshot, const Fault& fault,
                                        base::SystemTime now);

/// The rest of the effect, on the answer. The delay is the verdict's.
void spoil(base::HttpResponse& response, const FaultEffect& effect, base::SystemTime now);

}  // namespace imdsd::imds
