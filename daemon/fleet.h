// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/snapshot_cell.h"
#include "daemon/config.h"
#include "daemon/container_plan.h"
#include "daemon/instance_identity.h"
#include "daemon/instance_runtime.h"
#include "daemon/kept_changes.h"
#include "iam/caller.h"
#include "iam/directory.h"
#include "imds/identity_signer.h"
#include "imds/instance_routes.h"
#include "imds/metadata_tree.h"
#include "imds/snapshot.h"

namespace imdsd::daemon {

/// One instance of a configuration.
struct FleetMember {
  std::shared_ptr<const InstanceConfig> config;
  std::shared_ptr<InstanceRuntime> runtime;  // kept from one configuration to the next, by the id
  std::optional<InstanceProfileView> profile;
  std::shared_ptr<const imds::MetadataTree> tree;
  std::shared_ptr<imds::InstanceIdentityRole> identity_role;  // kept as long as its terms stay

  [[nodiscard]] const std::string& id() const noexcept { return config->description.id; }
};

/// What requests and status see of a configuration: the instances, and which request is for which.
/// Immutable once it is published; a copy shares all but the members' list.
struct Fleet {
  iam::AuthMode mode = iam::AuthMode::enforce;
  imds::MetadataOptions options;  // of [imds]
  AwsConfig aws;
  std::shared_ptr<const imds::IdentitySigner> signer;  // of aws.region
  std::chrono::seconds lifetime{};                     // of role credentials
  base::SystemTime started;                            // when the daemon was
  std::shared_ptr<const InstanceIdentityTerms> identity_terms;
  imds::RouteRules rules;
  std::size_t metrics_instances = 0;    // that may have counters of their own
  std::vector<FleetMember> members;     // at least one, in the order of the file
  std::vector<imds::Service> services;  // of the members: all that a request needs of them
  /// The places of the members that have a profile of this name. INVARIANT: their views of it were
  /// taken from one directory.
  std::map<std::string, std::vector<std::size_t>> by_profile;
  std::shared_ptr<const imds::InstanceRoutes> routes;
  std::shared_ptr<const ContainerPlan> containers;  // what runs there beside them

  /// By name or id; empty: the default instance. Errc::not_found tells near names.
  [[nodiscard]] base::Result<const FleetMember*> find(std::string_view name) const;
  /// By id alone; null when it is not there.
  [[nodiscard]] const FleetMember* find_id(std::string_view id) const noexcept;
};

/// True when requests can tell no difference: nothing is to be published anew.
[[nodiscard]] bool looks_the_same(const FleetMember& member, const FleetMember& old);

/// The fleet with the profiles of this directory; null when all are as they were.
[[nodiscard]] std::shared_ptr<Fleet> with_profiles(const Fleet& fleet,
                                                   const iam::Directory& directory);

/// What a fleet is made from beside its configuration.
struct FleetInput {
  const iam::Directory& directory;
  std::shared_ptr<const imds::IdentitySigner> signer;
  const Fleet* previous = nullptr;  // whose runtimes are kept, and trees that stay as they are
  base::SystemTime started;
  const base::Clock& clock;
  base::Random& random;
  const KeptChanges& kept;                              // what a new instance begins with
  const base::SnapshotCell<sts::Authority>& authority;  // outlives the fleet
  /// Of the instances that have no counters of their own: config.admin.metrics_instances have.
  imds::InstanceObservers observers = {};
};

/// The events of an instance that has only now been configured so.
[[nodiscard]] imds::InstanceEvents first_events(const InstanceConfig& instance,
                                                base::SystemTime now, base::Random& random);

/// Without routes, which route_fleet() makes.
[[nodiscard]] std::shared_ptr<Fleet> make_fleet(const Config& config, const FleetInput& input);

/// The fleet with these instances in place of its own. Those that are among them as they were go on
/// as they are. Without routes.
[[nodiscard]] std::shared_ptr<Fleet> with_instances(
    const Fleet& fleet, const std::vector<std::shared_ptr<const InstanceConfig>>& instances,
    const FleetInput& input);

/// Makes `fleet.routes`.
void route_fleet(Fleet& fleet, const std::vector<imds::InstanceListener>& listeners);

}  // namespace imdsd::daemon
