// SPDX-License-Identifier: MIT
// What EC2 tells a running instance about its future, as a value of the instance. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "imds/metadata_tree.h"

namespace imdsd::imds {

/// spot/:
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
struct SpotInterruption {
  enum class Action { terminate, stop, hibernate } action = Action::terminate;
  base::SystemTime time;  // of the action: what the notice said once, it says until it is cleared
  friend bool operator==(const SpotInterruption&, const SpotInterruption&) = default;
};

/// One of events/maintenance/:
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_scheduled_events.html
struct MaintenanceEvent {
  enum class State { active, completed, canceled };
  std::string id;           // "instance-event-…"
  std::string code;         // "system-reboot"
  std::string description;  // without the prefix that history gives it
  State state = State::active;
  base::SystemTime not_before, not_after;
  std::optional<base::SystemTime> not_before_deadline = {};  // what EC2 lets be rescheduled has one
  friend bool operator==(const MaintenanceEvent&, const MaintenanceEvent&) = default;
};

struct InstanceEvents {
  std::optional<SpotInterruption> spot;
  std::optional<base::SystemTime> rebalance;  // the noticeTime of the recommendation
  std::vector<MaintenanceEvent> maintenance;  // in the order in which they came
  std::string target_lifecycle_state;         // of Auto Scaling; empty: that of the description
  std::string instance_action;                // the same
  friend bool operator==(const InstanceEvents&, const InstanceEvents&) = default;
};

[[nodiscard]] std::string_view to_string(SpotInterruption::Action action) noexcept;
[[nodiscard]] std::string_view to_string(MaintenanceEvent::State state) noexcept;

inline constexpr std::array<std::string_view, 5> kMaintenanceCodes = {
    "instance-reboot", "instance-retirement", "instance-stop", "system-maintenance",
    "system-reboot"};
/// https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
inline constexpr std::array<std::string_view, 8> kTargetLifecycleStates = {
    "Detached",          "InService",      "Standby",        "Terminated",
    "Warmed:Hibernated", "Warmed:Running", "Warmed:Stopped", "Warmed:Terminated"};
inline constexpr std::array<std::string_view, 3> kInstanceActions = {"none", "shutdown",
                                                                     "bundle-pending"};

/// Paths below meta-data/.
inline constexpr std::string_view kSpotActionPath = "spot/instance-action";
inline constexpr std::string_view kSpotTimePath = "spot/termination-time";
inline constexpr std::string_view kRebalancePath = "events/recommendations/rebalance";
inline constexpr std::string_view kScheduledPath = "events/maintenance/scheduled";
inline constexpr std::string_view kHistoryPath = "events/maintenance/history";
inline constexpr std::string_view kLifecycleStatePath = "autoscaling/target-lifecycle-state";
inline constexpr std::string_view kInstanceActionPath = "instance-action";

/// Gives `rows` those of the events, in place of what is at their paths; where nothing has
/// happened, `rows` are left as they are.
void apply_events(const InstanceEvents& events, std::vector<MetadataRow>& rows);

}  // namespace imdsd::imds
