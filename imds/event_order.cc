// SPDX-License-Identifier: MIT
#include "imds/event_order.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/time_format.h"
#include "base/codec.h"

namespace imdsd::imds {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using State = MaintenanceEvent::State;

constexpr std::chrono::minutes kSpotNotice{2};
constexpr std::chrono::hours kMaintenanceNotice{1}, kMaintenanceLength{2};

struct KindInfo {
  EventKind kind;
  std::string_view name;
  std::span<const std::string_view> paths;
};
constexpr std::string_view kSpotPaths[] = {kSpotActionPath, kSpotTimePath};
constexpr std::string_view kRebalancePaths[] = {kRebalancePath};
constexpr std::string_view kMaintenancePaths[] = {kScheduledPath, kHistoryPath};
constexpr std::string_view kLifecycleStatePaths[] = {kLifecycleStatePath};
constexpr std::string_view kInstanceActionPaths[] = {kInstanceActionPath};
constexpr KindInfo kKinds[] = {
    {EventKind::spot, "spot", kSpotPaths},
    {EventKind::rebalance, "rebalance", kRebalancePaths},
    {EventKind::maintenance, "maintenance", kMaintenancePaths},
    {EventKind::asg, "asg", kLifecycleStatePaths},
    {EventKind::instance_action, "instance-action", kInstanceActionPaths},
};

const KindInfo& info_of(EventKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

/// What describe-instance-status says of such events, where its documentation shows one.
std::string_view default_description(std::string_view code) {
  if (code == "instance-stop" || code == "instance-retirement") {
    return "The instance is running on degraded hardware";
  }
  return code == "system-maintenance" ? "scheduled maintenance" : "scheduled reboot";
}

/// `instance-event-` and 17 hex digits.
std::string new_event_id(base::Random& random) {
  std::array<std::byte, 9> bytes;
  random.fill(bytes);
  const std::string_view view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return "instance-event-0" + base::hex_encode(view).substr(0, 16);
}

/// The event that the order is about; nullptr: a new one.
Result<MaintenanceEvent*> find_event(const MaintenanceOrder& order, InstanceEvents& events) {
  auto& all = events.maintenance;
  if (!order.id.empty()) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&order](const auto& event) { return event.id == order.id; });
    if (found != all.end()) return &*found;
    if (!order.code.empty()) return nullptr;
    return fail(Errc::not_found, "there is no maintenance event `" + order.id + "`");
  }
  if (order.state == State::active) return nullptr;
  const auto newest = std::find_if(all.rbegin(), all.rend(), [&order](const auto& event) {
    return event.state == State::active && event.code == order.code;
  });
  return newest == all.rend() ? nullptr : &*newest;
}

Result<void> end_event(MaintenanceEvent& event, State state) {
  if (event.state != State::active) {
    return fail(Errc::invalid_argument, "maintenance event `" + event.id + "` is " +
                                            std::string(to_string(event.state)) + " already");
  }
  if (state == State::active) {
    return fail(Errc::invalid_argument, "maintenance event `" + event.id + "` is there already");
  }
  event.state = state;
  return {};
}

/// Whole seconds: what is printed is what counts.
MaintenanceEvent new_event(const MaintenanceOrder& order, base::SystemTime now,
                           base::Random& random) {
  MaintenanceEvent event;
  event.id = order.id.empty() ? new_event_id(random) : order.id;
  event.code = order.code;
  event.description =
      order.description.empty() ? default_description(order.code) : order.description;
  event.state = order.state;
  const auto length = order.length.value_or(kMaintenanceLength);
  // One that is completed and never was announced has just ended.
  const bool past = order.state == State::completed && !order.in;
  event.not_before =
      aws::floor_to_second(past ? now - length : now + order.in.value_or(kMaintenanceNotice));
  event.not_after = aws::floor_to_second(event.not_before + length);
  if (order.deadline) event.not_before_deadline = aws::floor_to_second(now + *order.deadline);
  return event;
}

class Doer {
 public:
  Doer(InstanceEvents& events, base::SystemTime now, base::Random& random)
      : events_(events), now_(now), random_(random) {}

  Result<void> operator()(const SpotOrder& order) const {
    const bool at_once = order.action == SpotInterruption::Action::hibernate;
    const std::chrono::milliseconds notice =
        at_once ? std::chrono::milliseconds(0) : std::chrono::milliseconds(kSpotNotice);
    events_.spot =
        SpotInterruption{order.action, aws::floor_to_second(now_ + order.in.value_or(notice))};
    return {};
  }
  Result<void> operator()(const RebalanceOrder&) const {
    events_.rebalance = aws::floor_to_second(now_);
    return {};
  }
  Result<void> operator()(const MaintenanceOrder& order) const {
    IMDSD_TRY(MaintenanceEvent* const known, find_event(order, events_));
    if (known != nullptr) return end_event(*known, order.state);
    if (events_.maintenance.size() >= kMaxMaintenanceEvents) {
      return fail(Errc::too_large, "there are " + std::to_string(kMaxMaintenanceEvents) +
                                       " maintenance events already: clear them first");
    }
    events_.maintenance.push_back(new_event(order, now_, random_));
    return {};
  }
  Result<void> operator()(const AutoScalingOrder& order) const {
    events_.target_lifecycle_state = order.state;
    return {};
  }
  Result<void> operator()(const InstanceActionOrder& order) const {
    events_.instance_action = order.action;
    return {};
  }
  Result<void> operator()(const ClearOrder& order) const {
    const auto is = [&order](EventKind kind) { return !order.kind || order.kind == kind; };
    if (is(EventKind::spot)) events_.spot.reset();
    if (is(EventKind::rebalance)) events_.rebalance.reset();
    if (is(EventKind::maintenance)) events_.maintenance.clear();
    if (is(EventKind::asg)) events_.target_lifecycle_state.clear();
    if (is(EventKind::instance_action)) events_.instance_action.clear();
    return {};
  }

 private:
  InstanceEvents& events_;
  base::SystemTime now_;
  base::Random& random_;
};

}  // namespace

std::string_view to_string(EventKind kind) noexcept {
  return info_of(kind).name;
}

std::optional<EventKind> find_event_kind(std::string_view name) {
  for (const KindInfo& info : kKinds) {
    if (info.name == name) return info.kind;
  }
  return std::nullopt;
}

std::string event_kind_names() {
  std::string out;
  for (const KindInfo& info : kKinds) out += (out.empty() ? "" : ", ") + std::string(info.name);
  return out;
}

std::span<const std::string_view> paths_of(EventKind kind) noexcept {
  return info_of(kind).paths;
}

std::optional<EventKind> EventOrder::kind() const noexcept {
  if (const auto* clear = std::get_if<ClearOrder>(&what)) return clear->kind;
  return kKinds[what.index()].kind;  // the variant has them in the same order
}

Result<void> carry_out(const EventOrder& order, InstanceEvents& events, base::SystemTime now,
                       base::Random& random) {
  return std::visit(Doer(events, now, random), order.what);
}

}  // namespace imdsd::imds
