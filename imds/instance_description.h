// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace imdsd::imds {

/// One of network/interfaces/macs/. What is left empty follows from the instance and from the
/// interface's place in the list.
struct NetworkInterface {
  std::string mac = {};
  std::string interface_id = {};          // "eni-…"
  std::optional<int> device_number = {};  // its place in the list
  int network_card = 0;
  bool ipv6_only = false;                      // no IPv4 address; else one is derived
  std::vector<std::string> local_ipv4s = {};   // the first is the primary one
  std::vector<std::string> public_ipv4s = {};  // the nth belongs to the nth of local_ipv4s
  std::vector<std::string> ipv6s = {};
  std::vector<std::string> ipv4_prefixes = {}, ipv6_prefixes = {};  // delegated CIDR blocks
  std::string local_hostname = {}, public_hostname = {};
  std::string owner_id = {};                                               // the instance's account
  std::vector<std::string> security_groups = {}, security_group_ids = {};  // the instance's
  std::string subnet_id = {}, subnet_ipv4_cidr_block = {};
  std::string vpc_id = {};
  std::vector<std::string> vpc_ipv4_cidr_blocks = {};
  std::vector<std::string> subnet_ipv6_cidr_blocks = {}, vpc_ipv6_cidr_blocks = {};
  friend bool operator==(const NetworkInterface&, const NetworkInterface&) = default;
};

/// block-device-mapping/: "ebs1" is "sdb".
struct BlockDevice {
  std::string name, device;
  friend bool operator==(const BlockDevice&, const BlockDevice&) = default;
};

/// public-keys/: the name of the key pair, and the line of authorized_keys without its newline.
struct PublicKey {
  std::string name, openssh_key;
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// A value that the tree has instead of what follows from the description. None: absent.
struct MetadataOverride {
  std::string path;  // below meta-data/
  std::optional<std::string> value;
  friend bool operator==(const MetadataOverride&, const MetadataOverride&) = default;
};

/// What is known about an instance. Only `id`, `type`, `availability_zone` and `account_id` must be
/// set; what is left empty follows from the rest or from the id, and so is the same at each start.
struct InstanceDescription {
  std::string id;                 // "i-0a1b2c3d4e5f60718"
  std::string type;               // "t3.micro"
  std::string availability_zone;  // "us-east-1a"
  std::string account_id;
  base::SystemTime launch_time = {};

  std::string availability_zone_id = {};  // "use1-az1"
  std::string region = {};
  std::string partition = {};
  std::string architecture = {};  // x86_64, or arm64 by the instance type
  std::string hypervisor = {};    // the value of `system`: nitro, or xen by the instance type
  std::string ami_id = {};
  std::string reservation_id = {};
  std::string hostname = {};                      // that of the first interface
  std::vector<std::string> security_groups = {};  // "default"
  std::vector<std::string> security_group_ids = {};
  std::vector<NetworkInterface> interfaces = {};  // at least one, when complete
  std::vector<BlockDevice> block_devices = {};    // `ami` and `root`, unless they are here

  std::string ami_launch_index = "0";
  std::string ami_manifest_path = "(unknown)";  // what EC2 writes for AMIs that EBS backs
  std::string instance_action = "none";
  std::string instance_life_cycle = "on-demand";
  std::string monitoring = "disabled";

  // Empty: absent.
  std::vector<std::string> ancestor_ami_ids = {}, product_codes = {}, billing_products = {};
  std::string kernel_id = {}, ramdisk_id = {};
  std::string group_name = {}, host_id = {}, partition_number = {};  // of the placement
  std::string hibernation_configured = {};                           // "true", "false"
  std::string target_lifecycle_state = {};                           // of Auto Scaling
  std::vector<PublicKey> public_keys = {};
  std::vector<std::pair<std::string, std::string>> tags = {};
  bool instance_metadata_tags = false;        // the option: tags/ is there
  std::optional<std::string> user_data = {};  // raw bytes

  std::vector<MetadataOverride> overrides = {};
  friend bool operator==(const InstanceDescription&, const InstanceDescription&) = default;
};

/// The same instance with everything derivable filled in.
[[nodiscard]] InstanceDescription complete(InstanceDescription description);

}  // namespace imdsd::imds
