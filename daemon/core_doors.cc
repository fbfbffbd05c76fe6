// SPDX-License-Identifier: MIT
// The part of Core that serves programs beside the metadata service: containers, pods,
// credential_process.
#include <algorithm>

#include "aws/arn.h"
#include "daemon/core.h"
#include "daemon/door_faults.h"
#include "daemon/process_credentials.h"

namespace imdsd::daemon {

base::HttpResponse Core::with_faults(
    imds::FaultDoor door, const std::string& instance_id, const base::HttpRequest& request,
    const std::function<base::HttpResponse(const base::HttpRequest&)>& answer) const {
  const auto fleet = published_.load();
  const FleetMember* member = fleet ? fleet->find_id(instance_id) : nullptr;
  if (fleet && member == nullptr) member = &fleet->members[fleet->routes->default_instance()];
  const auto rules = member == nullptr ? nullptr : member->runtime->faults();
  if (!rules) return answer(request);
  return answer_with_faults({*rules, door, *member->runtime->counters()}, request, clock_, answer);
}

base::HttpResponse Core::handle_ecs(const base::HttpRequest& request) const {
  const auto plan = containers_.plan();
  const auto* const task = plan ? plan->tasks->task_of(request) : nullptr;
  return with_faults(imds::FaultDoor::ecs, task == nullptr ? "" : task->description.instance_id,
                     request, [this](const auto& asked) { return containers_.handle_ecs(asked); });
}

base::HttpResponse Core::handle_eks(const base::HttpRequest& request) const {
  return with_faults(imds::FaultDoor::eks, "", request,
                     [this](const auto& asked) { return containers_.handle_eks(asked); });
}

base::Result<base::Secret> Core::service_account_token(
    const sts::ServiceAccountTerms& terms) const {
  const auto authority = authority_.load();
  return sts::service_account_token(terms, *authority, clock_.now(), random_);
}

base::Result<std::string> Core::process_credentials(const std::string& instance,
                                                    const std::string& role) const {
  const auto fleet = published_.load();
  IMDSD_TRY(const FleetMember* const member, fleet->find(instance));
  const std::string& id = member->id();
  const auto states = rotator_.states();
  const auto state = std::find_if(states.begin(), states.end(),
                                  [&](const auto& s) { return s.instance.instance_id == id; });
  if (state == states.end()) {
    return base::fail(base::Errc::not_found, "instance `" + id + "` has no role");
  }
  if (!state->sets || state->sets->expiration() <= clock_.now()) {
    return base::fail(base::Errc::unavailable,
                      "no credentials of role `" + state->instance.role_name + "`" +
                          (state->failure ? ": " + state->failure->message : std::string()));
  }
  const aws::Credentials& own = *state->sets->imdsv2;
  const std::string& account = state->instance.account;
  const auto authority = authority_.load();
  const auto named = authority->directory->find<iam::Role>(account, role);
  const std::string role_arn = named ? iam::arn_of(*named, authority->partition) : role;
  if (role.empty() || role == state->instance.role_name) {
    return containers::process_credentials(account, own);
  }
  const auto target = aws::Arn::parse(role_arn);
  if (!target) {
    return base::fail(base::Errc::not_found, "no role `" + role + "` in account " + account);
  }
  IMDSD_TRY(const auto assumed,
            assume_role_of_holder({own, role_arn, id, fleet->aws.region}, gateway_, clock_.now()));
  return containers::process_credentials(target->account, assumed);
}

}  // namespace imdsd::daemon
