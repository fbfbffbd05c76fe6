// SPDX-License-Identifier: MIT
#include "daemon/fleet.h"

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "base/slab_memory.h"

namespace imdsd::daemon {
namespace {

/// That of the previous configuration where it shows the same: with all that was made in it.
std::shared_ptr<const imds::MetadataTree> tree_of(const FleetMember& member, const FleetMember* old,
                                                  const Fleet& fleet, const FleetInput& input) {
  if (old != nullptr && input.previous->signer == fleet.signer &&
      (old->config == member.config || old->config->description == member.config->description)) {
    return old->tree;
  }
  return instance_tree(member.config, fleet.signer, input.started);
}

/// Those of the previous configuration where they are the same.
std::shared_ptr<const InstanceIdentityTerms> identity_terms(const Config& config,
                                                            const Fleet* previous) {
  InstanceIdentityTerms terms{config.aws.account_id, config.aws.region,
                              config.credentials.lifetime};
  if (previous != nullptr && *previous->identity_terms == terms) return previous->identity_terms;
  return std::make_shared<const InstanceIdentityTerms>(std::move(terms));
}

std::shared_ptr<imds::InstanceIdentityRole> identity_role_of(const FleetMember& member,
                                                             const FleetMember* old,
                                                             const Fleet& fleet,
                                                             const FleetInput& input) {
  if (old != nullptr && input.previous->identity_terms == fleet.identity_terms) {
    return old->identity_role;
  }
  return make_instance_identity(member.id(), fleet.identity_terms, input.authority, input.random);
}

/// The former instances that have counters of their own: a bounded number, so that thousands cost
/// neither memory nor series.
std::size_t counted_apart(const FleetInput& input) {
  if (input.previous == nullptr) return 0;
  const auto& members = input.previous->members;
  return static_cast<std::size_t>(
      std::count_if(members.begin(), members.end(), [&](const FleetMember& member) {
        return member.runtime->counters() != input.observers.counters;
      }));
}

void add_members(Fleet& fleet, const std::vector<std::shared_ptr<const InstanceConfig>>& instances,
                 const FleetInput& input) {
  fleet.members.reserve(instances.size());
  fleet.services.reserve(instances.size());
  std::size_t counted = counted_apart(input);
  for (const auto& instance : instances) {
    FleetMember member;
    member.config = instance;
    member.profile = find_profile(*instance, fleet.aws, input.directory);
    const auto* const old =
        input.previous == nullptr ? nullptr : input.previous->find_id(member.id());
    member.tree = tree_of(member, old, fleet, input);
    member.identity_role = identity_role_of(member, old, fleet, input);
    if (old != nullptr) {
      member.runtime = old->runtime;
    } else {
      auto observers = input.observers;
      if (counted < fleet.metrics_instances) {
        observers.counters = std::make_shared<imds::RequestCounters>();
        ++counted;
      }
      member.runtime = base::make_shared_in_slabs<InstanceRuntime>(
          member.id(), input.clock, input.random, std::move(observers));
      member.runtime->start_with(
          {first_events(*instance, input.clock.now(), input.random), input.kept.of(member.id())});
    }
    fleet.services.push_back(member.runtime->service());
    if (!instance->profile.empty()) {
      fleet.by_profile[instance->profile].push_back(fleet.members.size());
    }
    fleet.members.push_back(std::move(member));
  }
}

}  // namespace

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

imds::InstanceEvents first_events(const InstanceConfig& instance, base::SystemTime now,
                                  base::Random& random) {
  imds::InstanceEvents events;
  for (const imds::EventOrder& order : instance.events) {
    // INVARIANT: they go one after the other: that was tried when the configuration was read.
    [[maybe_unused]] const auto done = imds::carry_out(order, events, now, random);
  }
  return events;
}

bool looks_the_same(const FleetMember& member, const FleetMember& old) {
  return member.runtime == old.runtime && member.tree == old.tree &&
         member.identity_role == old.identity_role && member.profile == old.profile &&
         member.config->options == old.config->options &&
         member.config->events == old.config->events;
}

std::shared_ptr<Fleet> with_profiles(const Fleet& fleet, const iam::Directory& directory) {
  std::shared_ptr<Fleet> changed;
  for (const auto& [name, places] : fleet.by_profile) {
    const FleetMember& first = fleet.members[places.front()];
    if (find_profile(*first.config, fleet.aws, directory) == first.profile) continue;
    if (!changed) changed = std::make_shared<Fleet>(fleet);
    for (const std::size_t place : places) {
      FleetMember& member = changed->members[place];
      member.profile = find_profile(*member.config, fleet.aws, directory);
    }
  }
  return changed;
}

std::shared_ptr<Fleet> make_fleet(const Config& config, const FleetInput& input) {
  auto fleet = std::make_shared<Fleet>();
  fleet->mode = config.auth.mode;
  fleet->options = config.imds.options;
  fleet->aws = config.aws;
  fleet->signer = input.signer;
  fleet->lifetime = config.credentials.lifetime;
  fleet->started = input.started;
  fleet->identity_terms = identity_terms(config, input.previous);
  fleet->rules = config.imds.routes;
  fleet->metrics_instances = config.admin.metrics_instances;
  std::vector<std::shared_ptr<const InstanceConfig>> instances;
  instances.reserve(config.instances.size());
  for (const auto& instance : config.instances) {
    instances.push_back(std::make_shared<const InstanceConfig>(instance));
  }
  add_members(*fleet, instances, input);
  return fleet;
}

std::shared_ptr<Fleet> with_instances(
    const Fleet& fleet, const std::vector<std::shared_ptr<const InstanceConfig>>& instances,
    const FleetInput& input) {
  auto changed = std::make_shared<Fleet>(fleet);
  changed->members.clear();
  changed->services.clear();
  changed->by_profile.clear();
  add_members(*changed, instances, input);
  return changed;
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
