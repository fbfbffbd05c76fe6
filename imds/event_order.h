// SPDX-License-Identifier: MIT
// Orders to change an instance's events, as `imdsctl event`, a scenario and the configuration write
// them: a kind, and fields by name. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

#include "base/random.h"
#include "base/result.h"
#include "imds/events.h"

namespace imdsd::imds {

enum class EventKind { spot, rebalance, maintenance, asg, instance_action };
/// "spot", "instance-action"
[[nodiscard]] std::string_view to_string(EventKind kind) noexcept;
[[nodiscard]] std::optional<EventKind> find_event_kind(std::string_view name);
/// For messages: "spot, rebalance, …".
[[nodiscard]] std::string event_kind_names();
/// Below meta-data/: what events of this kind are shown at.
[[nodiscard]] std::span<const std::string_view> paths_of(EventKind kind) noexcept;

struct SpotOrder {
  SpotInterruption::Action action = SpotInterruption::Action::terminate;
  /// Two minutes ahead, as EC2 gives notice; hibernation begins at once
  /// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernate-spot-instances.html).
  std::optional<std::chrono::milliseconds> in;
  friend bool operator==(const SpotOrder&, const SpotOrder&) = default;
};
struct RebalanceOrder {
  friend bool operator==(const RebalanceOrder&, const RebalanceOrder&) = default;
};
struct MaintenanceOrder {
  MaintenanceEvent::State state = MaintenanceEvent::State::active;
  std::string code;         // may be empty beside an id
  std::string id;           // empty: a new one, or the newest active one of this code
  std::string description;  // empty: follows from the code
  std::optional<std::chrono::milliseconds> in;        // to the beginning of its time
  std::optional<std::chrono::milliseconds> length;    // of its time
  std::optional<std::chrono::milliseconds> deadline;  // to the end of what it may be moved to
  friend bool operator==(const MaintenanceOrder&, const MaintenanceOrder&) = default;
};
struct AutoScalingOrder {
  std::string state;
  friend bool operator==(const AutoScalingOrder&, const AutoScalingOrder&) = default;
};
struct InstanceActionOrder {
  std::string action;
  friend bool operator==(const InstanceActionOrder&, const InstanceActionOrder&) = default;
};
struct ClearOrder {
  std::optional<EventKind> kind;  // none: all
  friend bool operator==(const ClearOrder&, const ClearOrder&) = default;
};

struct EventOrder {
  std::variant<SpotOrder, RebalanceOrder, MaintenanceOrder, AutoScalingOrder, InstanceActionOrder,
               ClearOrder>
      what;
  std::chrono::milliseconds delay{0};                            // until it is carried out
  [[nodiscard]] std::optional<EventKind> kind() const noexcept;  // none: clears all
  friend bool operator==(const EventOrder&, const EventOrder&) = default;
};

using EventFields = std::map<std::string, std::string, std::less<>>;
struct EventFieldError {
  std::string field;  // empty: of the fields as a whole
  std::string message;
};

/// `kind`, and by kind: spot: action, in; rebalance: in (the delay of the notice); maintenance:
/// code, state, id, description, in, for, deadline; asg: state; instance-action: action; clear:
/// what. Durations are those of base/duration.h.
[[nodiscard]] tl::expected<EventOrder, EventFieldError> parse_event_order(
    const EventFields& fields);

inline constexpr std::size_t kMaxMaintenanceEvents = 100;  // of an instance

/// Carries the order out, at `now`. Errc::not_found for an id that is not there,
/// ::invalid_argument for an event that is over already or an id that is taken, ::too_large beyond
/// kMaxMaintenanceEvents; `events` are as they were then.
[[nodiscard]] base::Result<void> carry_out(const EventOrder& order, InstanceEvents& events,
                                           base::SystemTime now, base::Random& random);

}  // namespace imdsd::imds
