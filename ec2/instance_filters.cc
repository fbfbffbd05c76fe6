// SPDX-License-Identifier: MIT
#include "ec2/instance_filters.h"

#include <array>
#include <string>
#include <vector>

#include "aws/time_format.h"
#include "ec2/find.h"

namespace imdsd::ec2 {
namespace {

using Values = std::vector<std::string>;
using Row = FilterRow<Instance>;

Values one(std::string value) {
  if (value.empty()) return {};
  return {std::move(value)};
}

/// Of an instance's own text.
template <auto member>
Values field(const Call&, const Instance& instance, std::string_view) {
  return one(instance.*member);
}

template <auto member>
Values of_interfaces(const Call&, const Instance& instance, std::string_view) {
  Values out;
  for (const NetworkInterface& interface : instance.interfaces) out.push_back(interface.*member);
  return out;
}

template <auto member>
Values lists_of_interfaces(const Call&, const Instance& instance, std::string_view) {
  Values out;
  for (const NetworkInterface& interface : instance.interfaces) {
    const auto& list = interface.*member;
    out.insert(out.end(), list.begin(), list.end());
  }
  return out;
}

/// Of the first interface alone.
template <auto member>
Values of_primary(const Call& call, const Instance& instance, std::string_view rest) {
  Values out = of_interfaces<member>(call, instance, rest);
  if (out.size() > 1) out.resize(1);
  return out;
}

template <auto member>
Values first_of_primary(const Call&, const Instance& instance, std::string_view) {
  if (instance.interfaces.empty()) return {};
  const auto& list = instance.interfaces.front().*member;
  return list.empty() ? Values() : Values{list.front()};
}

template <auto member>
Values of_groups(const Call&, const Instance& instance, std::string_view) {
  Values out;
  for (const SecurityGroup& group : instance.groups) out.push_back(group.*member);
  return out;
}

std::string enabled(bool value) {
  return value ? "enabled" : "disabled";
}

Values state_code(const Call&, const Instance& i, std::string_view) {
  return {std::to_string(static_cast<int>(i.state))};
}
Values state_name(const Call&, const Instance& i, std::string_view) {
  return {std::string(to_string(i.state))};
}
Values launch_time(const Call&, const Instance& i, std::string_view) {
  return {aws::format_iso8601(i.launch_time)};
}
Values lifecycle(const Call&, const Instance& i, std::string_view) {
  return one(i.lifecycle);
}
Values hypervisor(const Call&, const Instance&, std::string_view) {
  return {"xen"};
}
Values tenancy(const Call&, const Instance&, std::string_view) {
  return {"default"};
}
Values virtualization(const Call&, const Instance&, std::string_view) {
  return {"hvm"};
}
Values root_device_type(const Call&, const Instance&, std::string_view) {
  return {"ebs"};
}
Values profile(const Call& call, const Instance& i, std::string_view) {
  const auto& association = i.settings.association;
  return association ? Values{profile_arn(call, association->profile)} : Values();
}
Values profile_id(const Call& call, const Instance& i, std::string_view) {
  const auto& association = i.settings.association;
  if (!association) return {};
  const auto found =
      call.context.directory.find<iam::InstanceProfile>(call.place.account, association->profile);
  return found ? Values{found->unique_id} : Values();
}
Values profile_name(const Call&, const Instance& i, std::string_view) {
  const auto& association = i.settings.association;
  return association ? Values{association->profile} : Values();
}
Values tokens(const Call&, const Instance& i, std::string_view) {
  return {i.settings.metadata_options.tokens_required ? "required" : "optional"};
}
Values hop_limit(const Call&, const Instance& i, std::string_view) {
  return {std::to_string(i.settings.metadata_options.hop_limit)};
}
Values endpoint(const Call&, const Instance& i, std::string_view) {
  return {enabled(i.settings.metadata_options.endpoint_enabled)};
}
Values metadata_tags(const Call&, const Instance& i, std::string_view) {
  return {enabled(i.settings.metadata_options.tags_in_metadata)};
}
Values tag(const Call&, const Instance& i, std::string_view key) {
  for (const auto& [name, value] : i.settings.tags) {
    if (name == key) return {value};
  }
  return {};
}
Values tag_keys(const Call&, const Instance& i, std::string_view) {
  Values out;
  for (const auto& [name, value] : i.settings.tags) out.push_back(name);
  return out;
}

using I = Instance;
using N = NetworkInterface;
constexpr std::array kFilters{
    Row{"architecture", field<&I::architecture>},
    Row{"availability-zone", field<&I::zone>},
    Row{"availability-zone-id", field<&I::zone_id>},
    Row{"client-token", field<&I::client_token>},
    Row{"dns-name", of_primary<&N::public_dns_name>},
    Row{"group-id", of_groups<&SecurityGroup::id>},
    Row{"group-name", of_groups<&SecurityGroup::name>},
    Row{"host-id", field<&I::host_id>},
    Row{"hypervisor", hypervisor},
    Row{"iam-instance-profile.arn", profile},
    Row{"iam-instance-profile.id", profile_id},
    Row{"iam-instance-profile.name", profile_name},
    Row{"image-id", field<&I::image_id>},
    Row{"instance-id", field<&I::id>},
    Row{"instance-lifecycle", lifecycle},
    Row{"instance-state-code", state_code},
    Row{"instance-state-name", state_name},
    Row{"instance-type", field<&I::type>},
    Row{"instance.group-id", of_groups<&SecurityGroup::id>},
    Row{"instance.group-name", of_groups<&SecurityGroup::name>},
    Row{"ip-address", first_of_primary<&N::public_ips>},
    Row{"kernel-id", field<&I::kernel_id>},
    Row{"key-name", field<&I::key_name>},
    Row{"launch-index", field<&I::ami_launch_index>},
    Row{"launch-time", launch_time},
    Row{"metadata-options.http-endpoint", endpoint},
    Row{"metadata-options.http-put-response-hop-limit", hop_limit},
    Row{"metadata-options.http-tokens", tokens},
    Row{"metadata-options.instance-metadata-tags", metadata_tags},
    Row{"monitoring-state", field<&I::monitoring>},
    Row{"network-interface.addresses.private-ip-address", lists_of_interfaces<&N::private_ips>},
    Row{"network-interface.ipv6-addresses.ipv6-address", lists_of_interfaces<&N::ipv6s>},
    Row{"network-interface.mac-address", of_interfaces<&N::mac>},
    Row{"network-interface.network-interface-id", of_interfaces<&N::id>},
    Row{"network-interface.subnet-id", of_interfaces<&N::subnet_id>},
    Row{"network-interface.vpc-id", of_interfaces<&N::vpc_id>},
    Row{"owner-id", field<&I::account>},
    Row{"placement-group-name", field<&I::placement_group>},
    Row{"placement-partition-number", field<&I::partition_number>},
    Row{"private-dns-name", of_primary<&N::private_dns_name>},
    Row{"private-ip-address", first_of_primary<&N::private_ips>},
    Row{"ramdisk-id", field<&I::ramdisk_id>},
    Row{"reservation-id", field<&I::reservation_id>},
    Row{"root-device-name", field<&I::root_device>},
    Row{"root-device-type", root_device_type},
    Row{"subnet-id", of_primary<&N::subnet_id>},
    Row{"tag-key", tag_keys},
    Row{"tag:*", tag},
    Row{"tenancy", tenancy},
    Row{"virtualization-type", virtualization},
    Row{"vpc-id", of_primary<&N::vpc_id>},
};

}  // namespace

std::span<const FilterRow<Instance>> instance_filters() {
  return kFilters;
}

}  // namespace imdsd::ec2
