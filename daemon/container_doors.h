// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/random.h"
#include "base/snapshot_cell.h"
#include "containers/pod_identity_service.h"
#include "containers/task_service.h"
#include "daemon/container_plan.h"
#include "imds/delivery_sink.h"
#include "sts/authority.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

/// The doors for containers, from what is planned to what is answered. handle_ecs(), handle_eks(),
/// publish() and plan() are thread-safe; prepare(), commit() and remade() are for one thread at a
/// time.
class ContainerDoors {
 public:
  /// All outlive it.
  ContainerDoors(const base::Clock& clock, base::Random& random,
                 const base::SnapshotCell<sts::Authority>& authority,
                 imds::DeliverySink& deliveries);

  /// From now on, publish() is for this plan; requests still see the one before.
  void prepare(std::shared_ptr<const ContainerPlan> next) { next_.store(std::move(next)); }
  /// Requests see what was prepared.
  void commit();
  /// Whom the rotation obtains credentials for, in the prepared plan.
  [[nodiscard]] std::vector<sts_client::InstanceRole> roles() const;
  /// The rotator's sink; a state of somebody else is ignored.
  void publish(const sts_client::RotationState& state) const;
  /// Those whose role was deleted and made again since the last call, and has credentials of the
  /// old one: its sessions are dead.
  [[nodiscard]] std::vector<std::string> remade(const iam::Directory& directory);

  /// In force; null before the first configuration.
  [[nodiscard]] std::shared_ptr<const ContainerPlan> plan() const { return plan_.load(); }
  [[nodiscard]] base::HttpResponse handle_ecs(const base::HttpRequest& request) const {
    return task_service_.handle(request);
  }
  [[nodiscard]] base::HttpResponse handle_eks(const base::HttpRequest& request) const {
    return pod_service_.handle(request);
  }

 private:
  const base::SnapshotCell<sts::Authority>& authority_;
  base::SnapshotCell<ContainerPlan> next_, plan_;
  base::SnapshotCell<containers::TaskTable> tasks_;
  base::SnapshotCell<containers::PodIdentityTable> pods_;
  std::map<std::string, std::string> role_ids_;  // of the holders: AROA…
  const containers::TaskService task_service_;
  const containers::PodIdentityService pod_service_;
};

}  // namespace imdsd::daemon
