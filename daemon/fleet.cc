// SPDX-License-Identifier: MIT
#include "daemon/fleet.h"

#include <utility>

#include "base/nearest_name.h"

namespace imdsd::daemon {

base::Result<const FleetMember*> Fleet::find(std::string_view name) const {
  if (name.empty()) return &members[routes->default_instance()];
  if (const auto place = routes->find(name)) return &members[*place];
  std::vector<std::string_view> names;
  for (const auto& member : members) {
    names.push_back(member.config->name);
    if (member.config->name != member.id()) names.push_back(member.id());
  }
  return base::fail(base::Errc::not_found, "there is no instance `" + std::string(name) + "`" +
                                               base::suggest(name, names));
}

const FleetMember* Fleet::find_id(std::string_view id) const noexcept {
  const auto place = routes->find(id);
  return place && members[*place].id() == id ? &members[*place] : nullptr;
}

base::Result<std::shared_ptr<Fleet>> make_fleet(const Config& config, const FleetInput& input) {
  auto fleet = std::make_shared<Fleet>();
  fleet->mode = config.auth.mode;
  fleet->options = config.imds.options;
  fleet->aws = config.aws;
  fleet->signer = input.signer;
  fleet->lifetime = config.credentials.lifetime;
  fleet->rules = config.imds.routes;
  fleet->members.reserve(config.instances.size());
  for (const auto& instance : config.instances) {
    FleetMember member;
    member.config = std::make_shared<const InstanceConfig>(instance);
    member.profile = find_profile(instance, config.aws, input.directory);
    IMDSD_TRY(member.tree, instance_tree(instance, fleet->signer, input.started));
    const auto* const old =
        input.previous == nullptr ? nullptr : input.previous->find_id(member.id());
    member.runtime =
        old != nullptr ? old->runtime
                       : std::make_shared<InstanceRuntime>(member.id(), input.clock, input.random);
    fleet->members.push_back(std::move(member));
  }
  return fleet;
}

void route_fleet(Fleet& fleet, const std::vector<imds::InstanceListener>& listeners) {
  std::vector<imds::RoutedInstance> instances;
  instances.reserve(fleet.members.size());
  for (const auto& member : fleet.members) {
    instances.push_back(
        {member.config->name, member.id(), member.config->peers, member.config->is_default});
  }
  fleet.routes = std::make_shared<const imds::InstanceRoutes>(fleet.rules, instances, listeners);
}

}  // namespace imdsd::daemon
