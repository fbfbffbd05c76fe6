// SPDX-License-Identifier: MIT
#include "daemon/instance_view.h"

#include <algorithm>
#include <utility>

#include "daemon/instance_runtime.h"
#include "imds/network_derivation.h"

namespace imdsd::daemon {
namespace {

std::vector<ec2::SecurityGroup> groups_of(const std::vector<std::string>& ids,
                                          const std::vector<std::string>& names) {
  std::vector<ec2::SecurityGroup> groups(std::max(ids.size(), names.size()));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i < ids.size()) groups[i].id = ids[i];
    if (i < names.size()) groups[i].name = names[i];
  }
  return groups;
}

ec2::NetworkInterface interface_view(const imds::NetworkInterface& interface) {
  return {.id = interface.interface_id,
          .mac = interface.mac,
          .owner_id = interface.owner_id,
          .subnet_id = interface.subnet_id,
          .vpc_id = interface.vpc_id,
          .device_index = interface.device_number.value_or(0),
          .network_card = interface.network_card,
          .private_dns_name = interface.local_hostname,
          .public_dns_name = interface.public_hostname,
          .private_ips = interface.local_ipv4s,
          .public_ips = interface.public_ipv4s,
          .ipv6s = interface.ipv6s,
          .ipv4_prefixes = interface.ipv4_prefixes,
          .ipv6_prefixes = interface.ipv6_prefixes,
          .groups = groups_of(interface.security_group_ids, interface.security_groups)};
}

/// What the description says, all of it.
ec2::Instance view_of(const imds::InstanceDescription& d) {
  ec2::Instance view;
  view.id = d.id;
  view.image_id = d.ami_id;
  view.type = d.type;
  view.account = d.account_id;
  view.reservation_id = d.reservation_id;
  view.launch_time = d.launch_time;
  view.zone = d.availability_zone;
  view.zone_id = d.availability_zone_id;
  view.placement_group = d.group_name;
  view.host_id = d.host_id;
  view.partition_number = d.partition_number;
  view.architecture = d.architecture;
  view.kernel_id = d.kernel_id;
  view.ramdisk_id = d.ramdisk_id;
  view.ami_launch_index = d.ami_launch_index;
  if (d.instance_life_cycle != "on-demand") view.lifecycle = d.instance_life_cycle;
  view.monitoring = d.monitoring;
  if (!d.public_keys.empty()) view.key_name = d.public_keys.front().name;
  view.hibernation = d.hibernation_configured == "true";
  view.product_codes = d.product_codes;
  view.user_data = d.user_data.value_or("");
  view.groups = groups_of(d.security_group_ids, d.security_groups);
  for (const auto& device : d.block_devices) {
    if (device.name == "root") view.root_device = device.device;
  }
  for (const auto& interface : d.interfaces) view.interfaces.push_back(interface_view(interface));
  view.settings.tags = d.tags;
  return view;
}

/// Null for one that the configuration declares.
const RunInstance* run_of(const InstanceConfig& config, const InstanceLedger& ledger) {
  if (config.declared) return nullptr;
  const auto found = ledger.run.find(config.description.id);
  return found == ledger.run.end() ? nullptr : &found->second;
}

}  // namespace

std::optional<ec2::Association> association_of(const InstanceConfig& config,
                                               const InstanceLedger& ledger) {
  if (config.profile.empty()) return std::nullopt;
  const std::string& id = config.description.id;
  ec2::Association association{{}, id, config.profile};
  if (const RunInstance* const run = run_of(config, ledger)) {
    association.id = run->association_id;
  } else if (const auto changed = ledger.changed.find(id);
             changed != ledger.changed.end() && changed->second.profile) {
    association.id = changed->second.profile->association_id;
  }
  if (association.id.empty()) {
    association.id = imds::derived_id("iip-assoc-", "association", {id, config.profile});
  }
  return association;
}

ec2::Instance instance_view(const InstanceConfig& config, base::SystemTime started,
                            const InstanceLedger& ledger) {
  ec2::Instance view = view_of(imds::complete(launched(config, started)));
  view.settings.metadata_options = options_of(config.options);
  view.settings.association = association_of(config, ledger);
  const RunInstance* const run = run_of(config, ledger);
  view.declared = config.declared;
  view.termination_protected = run == nullptr || run->termination_protected;
  if (run != nullptr) {
    view.client_token = run->client_token;
    view.key_name = run->key_name;
  }
  return view;
}

ec2::Instance stopped_view(const InstanceConfig& config, base::SystemTime started,
                           const InstanceLedger& ledger) {
  ec2::Instance view = instance_view(config, started, ledger);
  view.state = ec2::InstanceState::stopped;
  view.settings.stopped = true;
  // Public addresses go, private ones stay
  // (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-stop-start-works.html).
  for (ec2::NetworkInterface& interface : view.interfaces) {
    interface.public_dns_name.clear();
    interface.public_ips.clear();
  }
  return view;
}

ec2::Instance terminated_view(const RunInstance& instance) {
  const auto config = config_of(instance, {});
  ec2::Instance view = view_of(imds::complete(config.description));
  view.state = ec2::InstanceState::terminated;
  view.client_token = instance.client_token;
  view.interfaces.clear();
  view.groups.clear();
  view.settings.metadata_options = instance.options;
  view.settings.terminated = true;
  return view;
}

}  // namespace imdsd::daemon
