// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "base/clock.h"
#include "base/http_message.h"
#include "imds/fault.h"
#include "imds/request_counters.h"

namespace imdsd::daemon {

/// What the doors for containers share with the metadata service: an instance's rules, and where
/// struck requests are counted.
struct DoorFaults {
  const imds::FaultSet& rules;
  imds::FaultDoor door = imds::FaultDoor::ecs;
  imds::RequestCounters& counters;
};

/// What `answer` says to the request, with what the rules do to it. A request whose answer nobody
/// gets is not even put, or put as HEAD: credentials of it count as delivered to nobody.
[[nodiscard]] base::HttpResponse answer_with_faults(
    const DoorFaults& faults, const base::HttpRequest& request, const base::Clock& clock,
    const std::function<base::HttpResponse(const base::HttpRequest&)>& answer);

}  // namespace imdsd::daemon
