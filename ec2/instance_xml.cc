// SPDX-License-Identifier: MIT
#include "ec2/instance_xml.h"

#include <algorithm>
#include <string>

#include "aws/time_format.h"
#include "ec2/find.h"
#include "ec2/xml.h"

namespace imdsd::ec2 {
namespace {

using base::XmlWriter;

const std::string& first_of(const std::vector<std::string>& texts) {
  static const std::string kNone;
  return texts.empty() ? kNone : texts.front();
}

void write_groups(XmlWriter& xml, const std::vector<SecurityGroup>& groups) {
  xml.open("groupSet");
  for (const SecurityGroup& group : groups) {
    xml.open("item");
    leaf_if(xml, "groupId", group.id);
    leaf_if(xml, "groupName", group.name);
    xml.close();
  }
  xml.close();
}

void write_public_address(XmlWriter& xml, const NetworkInterface& interface, std::size_t index) {
  if (index >= interface.public_ips.size()) return;
  xml.open("association").leaf("publicIp", interface.public_ips[index]);
  if (index == 0) leaf_if(xml, "publicDnsName", interface.public_dns_name);
  xml.leaf("ipOwnerId", "amazon").close();
}

void write_addresses(XmlWriter& xml, const NetworkInterface& interface) {
  xml.open("privateIpAddressesSet");
  for (std::size_t i = 0; i < interface.private_ips.size(); ++i) {
    xml.open("item").leaf("privateIpAddress", interface.private_ips[i]);
    if (i == 0) leaf_if(xml, "privateDnsName", interface.private_dns_name);
    xml.leaf("primary", bool_text(i == 0));
    write_public_address(xml, interface, i);
    xml.close();
  }
  xml.close().open("ipv6AddressesSet");
  for (const std::string& address : interface.ipv6s) {
    xml.open("item").leaf("ipv6Address", address).close();
  }
  xml.close();
}

void write_prefixes(XmlWriter& xml, std::string_view set, std::string_view name,
                    const std::vector<std::string>& prefixes) {
  if (prefixes.empty()) return;
  xml.open(set);
  for (const std::string& prefix : prefixes) xml.open("item").leaf(name, prefix).close();
  xml.close();
}

void write_interface(XmlWriter& xml, const Instance& instance, const NetworkInterface& interface) {
  xml.open("item").leaf("networkInterfaceId", interface.id);
  xml.leaf("subnetId", interface.subnet_id).leaf("vpcId", interface.vpc_id);
  xml.leaf("ownerId", interface.owner_id).leaf("status", "in-use");
  xml.leaf("macAddress", interface.mac);
  leaf_if(xml, "privateIpAddress", first_of(interface.private_ips));
  leaf_if(xml, "privateDnsName", interface.private_dns_name);
  write_groups(xml, interface.groups);
  xml.open("attachment")
      .leaf("deviceIndex", std::to_string(interface.device_index))
      .leaf("networkCardIndex", std::to_string(interface.network_card))
      .leaf("status", "attached")
      .leaf("attachTime", aws::format_iso8601(instance.launch_time))
      .close();
  write_public_address(xml, interface, 0);
  write_addresses(xml, interface);
  write_prefixes(xml, "ipv4PrefixSet", "ipv4Prefix", interface.ipv4_prefixes);
  write_prefixes(xml, "ipv6PrefixSet", "ipv6Prefix", interface.ipv6_prefixes);
  xml.leaf("interfaceType", "interface").close();
}

/// What an instance has as long as it is there: of the first interface, and all of them.
void write_network(XmlWriter& xml, const Instance& instance) {
  if (!instance.interfaces.empty()) {
    const NetworkInterface& primary = instance.interfaces.front();
    xml.leaf("privateDnsName", primary.private_dns_name);
    xml.leaf("dnsName", primary.public_dns_name);
    xml.leaf("subnetId", primary.subnet_id).leaf("vpcId", primary.vpc_id);
    leaf_if(xml, "privateIpAddress", first_of(primary.private_ips));
    leaf_if(xml, "ipAddress", first_of(primary.public_ips));
    leaf_if(xml, "ipv6Address", first_of(primary.ipv6s));
  }
  xml.open("networkInterfaceSet");
  for (const NetworkInterface& interface : instance.interfaces) {
    write_interface(xml, instance, interface);
  }
  xml.close();
}

void write_placement(XmlWriter& xml, const Instance& instance) {
  xml.open("placement").leaf("availabilityZone", instance.zone);
  leaf_if(xml, "availabilityZoneId", instance.zone_id);
  xml.leaf("groupName", instance.placement_group);
  leaf_if(xml, "hostId", instance.host_id);
  leaf_if(xml, "partitionNumber", instance.partition_number);
  xml.leaf("tenancy", "default").close();
}

void write_tags(XmlWriter& xml, const Tags& tags) {
  if (tags.empty()) return;
  xml.open("tagSet");
  for (const auto& [key, value] : tags) {
    xml.open("item").leaf("key", key).leaf("value", value).close();
  }
  xml.close();
}

void write_product_codes(XmlWriter& xml, const Instance& instance) {
  xml.open("productCodes");
  for (const std::string& code : instance.product_codes) {
    xml.open("item").leaf("productCode", code).leaf("type", "marketplace").close();
  }
  xml.close();
}

}  // namespace

void write_state(XmlWriter& xml, std::string_view name, InstanceState state) {
  xml.open(name).leaf("code", std::to_string(static_cast<int>(state)));
  xml.leaf("name", to_string(state)).close();
}

void write_metadata_options(XmlWriter& xml, const MetadataOptions& options,
                            std::string_view state) {
  const auto enabled = [](bool value) { return value ? "enabled" : "disabled"; };
  xml.leaf("state", state)
      .leaf("httpTokens", options.tokens_required ? "required" : "optional")
      .leaf("httpPutResponseHopLimit", std::to_string(options.hop_limit))
      .leaf("httpEndpoint", enabled(options.endpoint_enabled))
      .leaf("httpProtocolIpv6", "disabled")
      .leaf("instanceMetadataTags", enabled(options.tags_in_metadata));
}

void write_instance(const Call& call, const Instance& instance) {
  XmlWriter& xml = call.xml;
  xml.leaf("instanceId", instance.id).leaf("imageId", instance.image_id);
  write_state(xml, "instanceState", instance.state);
  if (instance.state == InstanceState::terminated || instance.state == InstanceState::stopped) {
    xml.open("stateReason").leaf("code", "Client.UserInitiatedShutdown");
    xml.leaf("message", "Client.UserInitiatedShutdown: User initiated shutdown").close();
  }
  leaf_if(xml, "keyName", instance.key_name);
  xml.leaf("amiLaunchIndex", instance.ami_launch_index);
  write_product_codes(xml, instance);
  xml.leaf("instanceType", instance.type);
  xml.leaf("launchTime", aws::format_iso8601(instance.launch_time));
  write_placement(xml, instance);
  leaf_if(xml, "kernelId", instance.kernel_id);
  leaf_if(xml, "ramdiskId", instance.ramdisk_id);
  xml.open("monitoring").leaf("state", instance.monitoring).close();
  write_groups(xml, instance.groups);
  xml.leaf("architecture", instance.architecture);
  xml.leaf("rootDeviceType", "ebs").leaf("rootDeviceName", instance.root_device);
  // EC2 says xen of Nitro, too.
  xml.leaf("virtualizationType", "hvm").leaf("hypervisor", "xen");
  leaf_if(xml, "instanceLifecycle", instance.lifecycle);
  leaf_if(xml, "clientToken", instance.client_token);
  xml.leaf("ebsOptimized", "false");
  write_tags(xml, instance.settings.tags);
  write_network(xml, instance);
  if (const auto& association = instance.settings.association) {
    write_profile(call, association->profile);
  }
  xml.open("hibernationOptions").leaf("configured", bool_text(instance.hibernation)).close();
  xml.open("metadataOptions");
  const bool running = instance.state == InstanceState::running;
  write_metadata_options(xml, instance.settings.metadata_options, running ? "applied" : "pending");
  xml.close();
}

void write_reservation(const Call& call, const std::vector<const Instance*>& instances) {
  const Instance& first = *instances.front();
  call.xml.leaf("reservationId", first.reservation_id).leaf("ownerId", first.account);
  call.xml.open("groupSet").close().open("instancesSet");
  for (const Instance* const instance : instances) {
    call.xml.open("item");
    write_instance(call, *instance);
    call.xml.close();
  }
  call.xml.close();
}

}  // namespace imdsd::ec2
