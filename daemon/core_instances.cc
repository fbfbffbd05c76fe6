// SPDX-License-Identifier: MIT
// The part of Core that is about instances which EC2's API changes.
#include <utility>

#include "base/log.h"
#include "daemon/core.h"

namespace imdsd::daemon {

void Core::replace_instances(const FleetControl::Instances& instances) {
  const std::lock_guard lock(publishing_);
  const auto previous = published_.load();
  const auto authority = authority_.load();
  auto next = with_instances(
      *previous, instances,
      {*authority->directory, previous->signer, previous.get(), started_, clock_, random_, kept_,
       authority_, imds::InstanceObservers{other_counters_, &audit_}});
  route_fleet(*next, listeners_);
  publish(std::move(next));
  const auto now = published_.load();
  for (const FleetMember& member : previous->members) {
    if (now->find_id(member.id()) != nullptr) continue;
    base::log_info("instance terminated", {{"instance", member.id()}});
    if (const auto forgotten = kept_.store(member.id(), {}); !forgotten) {
      base::log_warn("values of a terminated instance are still kept",
                     {{"instance", member.id()}, {"error", forgotten.error().message}});
    }
  }
}

}  // namespace imdsd::daemon
