// SPDX-License-Identifier: MIT
// The part of Core that is about events and values changed at run time.
#include <utility>

#include "base/log.h"
#include "daemon/core.h"

namespace imdsd::daemon {
namespace {

/// Without the value: user data is nobody's to read in a log.
void log_step(const std::string& instance_id, const LiveStep& step) {
  if (const auto* order = std::get_if<imds::EventOrder>(&step)) {
    const auto kind = order->kind();
    const bool clears = std::holds_alternative<imds::ClearOrder>(order->what);
    base::log_info(clears ? "events cleared" : "event",
                   {{"instance", instance_id}, {"kind", kind ? to_string(*kind) : "all"}});
  } else if (const auto* change = std::get_if<MetadataChange>(&step)) {
    base::log_info("metadata set", {{"instance", instance_id}, {"path", change->path}});
  } else {
    const auto& path = std::get<UnsetStep>(step).path;
    base::log_info("metadata unset", {{"instance", instance_id}, {"path", path.value_or("all")}});
  }
}

}  // namespace

/// PRECONDITION: publishing_ is held.
std::shared_ptr<const imds::MetadataTree> Core::shown_tree(const FleetMember& member,
                                                           const Fleet& fleet) const {
  const LiveMetadata live = member.runtime->live();
  if (live == LiveMetadata()) return member.tree;
  auto shown = live_tree(launched(*member.config, started_), fleet.signer, live, clock_.now());
  const std::string& id = member.id();
  if (!shown) {
    base::log_warn("events and changed values do not fit the configuration, and are not shown",
                   {{"instance", id}, {"error", shown.error().message}});
    return member.tree;
  }
  for (const UnfitChange& unfit : shown->unfit) {
    base::log_warn("a changed value does not fit the configuration, and is not shown",
                   {{"instance", id}, {"path", unfit.path}, {"error", unfit.reason}});
  }
  return std::move(shown->tree);
}

base::Result<LiveState> Core::live(const std::string& instance) const {
  const std::lock_guard lock(publishing_);
  const auto fleet = published_.load();
  IMDSD_TRY(const FleetMember* const member, fleet->find(instance));
  LiveState state{member->id(), member->runtime->live(), {}};
  if (state.live.changes.empty()) return state;
  IMDSD_TRY(auto tree, live_tree(launched(*member->config, started_), fleet->signer, state.live,
                                 clock_.now()));
  state.unfit = std::move(tree.unfit);
  return state;
}

base::Result<void> Core::take_step(const std::string& instance, const LiveStep& step) {
  const std::lock_guard lock(publishing_);
  const auto fleet = published_.load();
  IMDSD_TRY(const FleetMember* const member, fleet->find(instance));
  LiveMetadata live = member->runtime->live();
  IMDSD_TRY(auto tree, try_step(step, launched(*member->config, started_), fleet->signer, live,
                                clock_.now(), random_));
  // Durable first: what is not kept is not shown either.
  IMDSD_TRY_VOID(kept_.store(member->id(), live.changes));
  member->runtime->show(std::move(live), std::move(tree.tree));
  log_step(member->id(), step);
  return {};
}

std::optional<FailedStep> Core::rehearse(const std::string& instance,
                                         const std::vector<LiveStep>& steps) const {
  const std::lock_guard lock(publishing_);
  const auto fleet = published_.load();
  const auto member = fleet->find(instance);
  if (!member) return FailedStep{0, member.error()};
  LiveMetadata live = (*member)->runtime->live();
  const auto description = launched(*(*member)->config, started_);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto tried = try_step(steps[i], description, fleet->signer, live, clock_.now(), random_);
    if (!tried) return FailedStep{i, tried.error()};
  }
  return std::nullopt;
}

}  // namespace imdsd::daemon
