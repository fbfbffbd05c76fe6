// SPDX-License-Identifier: MIT
#include "daemon/container_plan.h"

#include <charconv>
#include <map>
#include <utility>

#include "base/codec.h"
#include "base/digest.h"
#include "base/nearest_name.h"
#include "imds/region_names.h"

namespace imdsd::daemon {
namespace {

using containers::CredentialCell;

/// Hex digits that belong to this purpose and thing.
std::string derived_hex(std::string_view purpose, const std::string& of, std::size_t digits) {
  return base::hex_encode(base::sha256(std::string(purpose) + ":" + of)).substr(0, digits);
}

/// In the form of a UUID of version 4.
std::string derived_uuid(std::string_view purpose, const std::string& of) {
  std::string hex = derived_hex(purpose, of, 32);
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) hex.insert(dash, "-");
  return hex;
}

/// The address that is `step` behind the first of a block: "172.31.16.0/20" gives 172.31.16.1.
/// Empty for what is no IPv4 block.
std::string address_in(const std::string& block, unsigned step) {
  const std::string base = block.substr(0, block.find('/'));
  const auto dot = base.rfind('.');
  unsigned last = 0;
  if (dot == std::string::npos) return {};
  const auto parsed = std::from_chars(base.data() + dot + 1, base.data() + base.size(), last);
  if (parsed.ec != std::errc() || last + step > 255) return {};
  return base.substr(0, dot + 1) + std::to_string(last + step);
}

/// Docker's bridge is 172.17.0.0/16 (https://docs.docker.com/engine/network/drivers/bridge/), and
/// it gives out addresses from 172.17.0.2 on. Empty when there are no more.
std::string bridge_address(unsigned before) {
  const unsigned host = before + 2;
  if (host >= 65'535) return {};
  return "172.17." + std::to_string(host / 256) + "." + std::to_string(host % 256);
}

std::string first(const std::vector<std::string>& list) {
  return list.empty() ? std::string() : list.front();
}

/// The task has the instance's first interface.
containers::TaskNetwork network_of(const imds::InstanceDescription& instance) {
  const auto& interface = instance.interfaces.front();
  containers::TaskNetwork network;
  network.ipv4 = interface.local_ipv4s;
  network.ipv6 = interface.ipv6s;
  network.mac = interface.mac;
  network.ipv4_block = interface.subnet_ipv4_cidr_block;
  network.ipv6_block = first(interface.subnet_ipv6_cidr_blocks);
  network.private_dns_name = interface.local_hostname;
  // https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: the first address of a
  // subnet is its router's, the second of the VPC is the name server's.
  network.gateway_ipv4 = address_in(network.ipv4_block, 1);
  network.name_server = address_in(first(interface.vpc_ipv4_cidr_blocks), 2);
  return network;
}

class Planner {
 public:
  Planner(const Config& config, base::SystemTime started, const ContainerPlan* old)
      : config_(config), started_(started), old_(old) {}

  ContainerPlan plan() {
    plan_tasks();
    plan_pods();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string arn(std::string_view service, const std::string& resource) const {
    return std::string("arn:")
        .append(imds::partition_of_region(config_.aws.region))
        .append(":")
        .append(service)
        .append(":" + config_.aws.region + ":" + config_.aws.account_id + ":" + resource);
  }

  /// The old cell where nothing has changed, so that its credentials stay.
  std::shared_ptr<CredentialCell> hold(sts_client::InstanceRole role) {
    const ContainerHolder* const known = old_ == nullptr ? nullptr : old_->find(role.instance_id);
    auto cell = known != nullptr && known->role == role ? known->credentials
                                                        : std::make_shared<CredentialCell>();
    const std::string id = role.instance_id;
    out_.holders.emplace(id, ContainerHolder{std::move(role), cell});
    return cell;
  }

  void plan_tasks() {
    const EcsConfig& ecs = config_.ecs;
    std::vector<std::shared_ptr<const containers::ServedTask>> served;
    for (const TaskConfig& task : ecs.tasks) served.push_back(served_task(task));
    out_.tasks = std::make_shared<const containers::TaskTable>(std::move(served),
                                                               ecs.authorization_token.clone());
    out_.authorization_token_file = ecs.authorization_token_file;
  }

  std::shared_ptr<const containers::ServedTask> served_task(const TaskConfig& task) {
    // Tasks of one definition differ in their place among themselves.
    const std::string definition = task.family + ":" + std::to_string(task.revision);
    const std::string place = std::to_string(copies_[definition]++);
    const std::string id =
        !task.id.empty()
            ? task.id
            : derived_hex("ecs-task",
                          arn("ecs", config_.ecs.cluster + "/" + definition + "/" + place), 32);
    auto description = describe(task, id);
    if (task.role.name.empty()) {
      return std::make_shared<const containers::ServedTask>(std::move(description), "", nullptr);
    }
    sts_client::InstanceRole role{description.arn, "", config_.aws.account_id, task.role.name, {}};
    role.service.principal = "ecs-tasks.amazonaws.com";
    role.service.session_name = id;
    role.service.source_arn = description.arn;
    std::string credentials_id = task.credentials_id.empty()
                                     ? derived_uuid("ecs-credentials", description.arn)
                                     : task.credentials_id;
    auto cell = hold(std::move(role));
    return std::make_shared<const containers::ServedTask>(
        std::move(description), std::move(credentials_id), std::move(cell));
  }

  [[nodiscard]] containers::TaskDescription describe(const TaskConfig& task,
                                                     const std::string& id) {
    const auto instance = imds::complete(config_.instances.at(task.instance).description);
    const std::string& cluster = config_.ecs.cluster;
    containers::TaskDescription out;
    out.cluster = cluster;
    out.cluster_arn = arn("ecs", "cluster/" + cluster);
    out.arn = arn("ecs", "task/" + cluster + "/" + id);
    out.instance_id = instance.id;
    out.family = task.family;
    out.revision = std::to_string(task.revision);
    out.service = task.service;
    out.launch_type = task.launch_type;
    out.availability_zone = instance.availability_zone;
    out.availability_zone_id = instance.availability_zone_id;
    out.vpc_id = instance.interfaces.front().vpc_id;
    out.started = started_;
    out.network_mode = task.network_mode;
    out.network = network_of(instance);
    out.tags = task.tags;
    out.instance_tags = instance.tags;
    auto listed = task.containers;
    if (listed.empty()) listed.push_back({task.family, task.family + ":latest", 0, 0});
    for (const auto& each : listed) {
      out.containers.push_back(describe(each, out.arn, id));
      if (task.network_mode != containers::NetworkMode::bridge) continue;
      out.containers.back().bridge_ipv4 = bridge_address(on_bridge_[task.instance]++);
    }
    return out;
  }

  [[nodiscard]] containers::ContainerDescription describe(const TaskContainerConfig& container,
                                                          const std::string& task_arn,
                                                          const std::string& task_id) const {
    const std::string of = task_arn + "/" + container.name;
    containers::ContainerDescription out;
    out.name = container.name;
    out.image = container.image;
    out.docker_id = derived_hex("ecs-docker-id", of, 64);
    out.endpoint_id = derived_uuid("ecs-endpoint", of);
    out.arn = arn("ecs", "container/" + config_.ecs.cluster + "/" + task_id + "/" +
                             derived_uuid("ecs-container", of));
    out.cpu = container.cpu;
    out.memory = container.memory;
    return out;
  }

  void plan_pods() {
    const EksConfig& eks = config_.eks;
    containers::PodIdentityTable table;
    table.issuers = eks.issuers;
    for (const PodIdentityConfig& each : eks.associations) {
      auto association = planned(each);
      table.by_subject.emplace(
          containers::service_account_subject(each.name_space, each.service_account), association);
      out_.associations.push_back(std::move(association));
    }
    out_.pods = std::make_shared<const containers::PodIdentityTable>(std::move(table));
    out_.token_dir = eks.token_dir;
  }

  containers::PodIdentityAssociation planned(const PodIdentityConfig& each) {
    const std::string& cluster = config_.eks.cluster;
    const std::string& pod = each.pod.empty() ? each.service_account : each.pod;
    const std::string of = arn("eks", cluster + "/" + each.name_space + "/" + each.service_account);
    containers::PodIdentityAssociation out;
    out.name_space = each.name_space;
    out.service_account = each.service_account;
    out.arn = arn("eks", "podidentityassociation/" + cluster + "/a-" +
                             derived_hex("eks-association", of, 17));
    sts_client::InstanceRole role{out.arn, "", config_.aws.account_id, each.role.name, {}};
    role.service.principal = containers::kPodIdentityPrincipal;
    role.service.session_name = pod_session_name(cluster, pod, of);
    role.service.source_arn = arn("eks", "cluster/" + cluster);
    // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
    role.service.tags = {{"eks-cluster-arn", role.service.source_arn},
                         {"eks-cluster-name", cluster},
                         {"kubernetes-namespace", each.name_space},
                         {"kubernetes-service-account", each.service_account},
                         {"kubernetes-pod-name", pod},
                         {"kubernetes-pod-uid", derived_uuid("kubernetes-pod", of + "/" + pod)}};
    out.credentials = hold(std::move(role));
    return out;
  }

  /// eks-CLUSTER-POD-UUID; names have to share what a session name leaves them of its 64
  /// characters.
  static std::string pod_session_name(const std::string& cluster, const std::string& pod,
                                      const std::string& of) {
    constexpr std::size_t kShare = 11;
    return "eks-" + cluster.substr(0, kShare) + "-" + pod.substr(0, kShare) + "-" +
           derived_uuid("eks-session", of);
  }

  const Config& config_;
  const base::SystemTime started_;
  const ContainerPlan* const old_;
  std::map<std::string, unsigned> copies_;
  std::map<std::size_t, unsigned> on_bridge_;  // containers so far, by their instance's place
  ContainerPlan out_;
};

}  // namespace

const ContainerHolder* ContainerPlan::find(const std::string& id) const {
  const auto found = holders.find(id);
  return found == holders.end() ? nullptr : &found->second;
}

std::shared_ptr<const ContainerPlan> plan_containers(const Config& config, base::SystemTime started,
                                                     const ContainerPlan* old) {
  return std::make_shared<const ContainerPlan>(Planner(config, started, old).plan());
}

std::vector<ConfigProblem> missing_container_roles(const Config& config,
                                                   const iam::Directory& directory) {
  const std::string& account = config.aws.account_id;
  std::vector<ConfigProblem> problems;
  const auto check = [&](const NamedRole& role) {
    if (role.name.empty() || directory.find<iam::Role>(account, role.name)) return;
    std::vector<std::string> names;
    directory.all<iam::Role>().visit(account, "", [&](const auto& each) {
      names.push_back(each->name);
      return true;
    });
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    problems.push_back({role.at, role.key,
                        "there is no role `" + role.name + "` in account " + account +
                            base::suggest(role.name, candidates)});
  };
  for (const auto& task : config.ecs.tasks) check(task.role);
  for (const auto& association : config.eks.associations) check(association.role);
  return problems;
}

}  // namespace imdsd::daemon
