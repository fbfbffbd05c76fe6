// SPDX-License-Identifier: MIT
#include "daemon/container_doors.h"

#include <utility>

namespace imdsd::daemon {
namespace {

using containers::RenderedCredentials;

/// What a success gives, or an old success with the failure behind it.
RenderedCredentials render(const sts_client::RotationState& state,
                           const sts::Authority& authority) {
  RenderedCredentials out;
  const auto& holder = state.instance;
  const aws::Credentials& credentials = *state.sets->imdsv2;
  out.expiration = credentials.expiration;
  out.access_key_id = credentials.access_key_id;
  if (holder.service.principal == containers::kPodIdentityPrincipal) {
    out.document = containers::pod_credentials(holder.account, credentials);
    return out;
  }
  const auto role = authority.directory->find<iam::Role>(holder.account, holder.role_name);
  if (!role) return out;  // gone since: the next attempt says so
  out.document = containers::task_credentials(iam::arn_of(*role, authority.partition), credentials);
  return out;
}

containers::DeliveryObserver observer(std::string_view door, const base::Clock& clock,
                                      imds::DeliverySink& deliveries) {
  return [door, &clock, &deliveries](std::string_view holder, std::string_view access_key_id,
                                     const base::HttpRequest& request) {
    deliveries.record({clock.now(), holder, door, access_key_id, request});
  };
}

}  // namespace

ContainerDoors::ContainerDoors(const base::Clock& clock, base::Random& random,
                               const base::SnapshotCell<sts::Authority>& authority,
                               imds::DeliverySink& deliveries)
    : authority_(authority),
      task_service_(clock, tasks_, observer("ecs", clock, deliveries)),
      pod_service_(clock, random, authority, pods_, observer("eks", clock, deliveries)) {}

void ContainerDoors::commit() {
  const auto next = next_.load();
  tasks_.store(next->tasks);
  pods_.store(next->pods);
  plan_.store(next);
}

std::vector<sts_client::InstanceRole> ContainerDoors::roles() const {
  std::vector<sts_client::InstanceRole> out;
  const auto next = next_.load();
  for (const auto& [id, holder] : next->holders) out.push_back(holder.role);
  return out;
}

void ContainerDoors::publish(const sts_client::RotationState& state) const {
  const auto next = next_.load();
  if (!next) return;
  const ContainerHolder* const holder = next->find(state.instance.instance_id);
  if (holder == nullptr || !(holder->role == state.instance)) return;
  RenderedCredentials rendered;
  if (!state.failure && state.sets) {
    rendered = render(state, *authority_.load());
  } else {
    if (const auto old = holder->credentials->load()) rendered = *old;
    if (state.failure) rendered.failure = state.failure->message;
  }
  holder->credentials->store(std::make_shared<const RenderedCredentials>(std::move(rendered)));
}

std::vector<std::string> ContainerDoors::remade(const iam::Directory& directory) {
  std::vector<std::string> out;
  std::map<std::string, std::string> ids;
  const auto plan = plan_.load();
  for (const auto& [id, holder] : plan->holders) {
    const auto role = directory.find<iam::Role>(holder.role.account, holder.role.role_name);
    const auto known = role_ids_.find(id);
    if (!role) {
      if (known != role_ids_.end()) ids.emplace(id, known->second);
      continue;
    }
    if (known != role_ids_.end() && known->second != role->unique_id) out.push_back(id);
    ids.emplace(id, role->unique_id);
  }
  role_ids_ = std::move(ids);
  return out;
}

}  // namespace imdsd::daemon
