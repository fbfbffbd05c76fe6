// SPDX-License-Identifier: MIT
// Emulated instances as EC2's API sees them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace imdsd::ec2 {

using Tags = std::vector<std::pair<std::string, std::string>>;

/// Codes and names that clients compare
/// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html).
enum class InstanceState {
  pending = 0,
  running = 16,
  shutting_down = 32,
  terminated = 48,
  stopping = 64,
  stopped = 80
};
[[nodiscard]] std::string_view to_string(InstanceState state) noexcept;

/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html
struct MetadataOptions {
  bool tokens_required = false;   // HttpTokens
  bool endpoint_enabled = true;   // HttpEndpoint
  int hop_limit = 2;              // HttpPutResponseHopLimit
  bool tags_in_metadata = false;  // InstanceMetadataTags
  friend bool operator==(const MetadataOptions&, const MetadataOptions&) = default;
};

/// What a request says about them; the rest stays as it is.
struct MetadataOptionsChange {
  std::optional<bool> tokens_required, endpoint_enabled, tags_in_metadata;
  std::optional<int> hop_limit;
  [[nodiscard]] MetadataOptions applied_to(MetadataOptions options) const;
};

/// An instance has its role by this.
struct Association {
  std::string id;  // "iip-assoc-…"
  std::string instance_id;
  std::string profile;  // the instance profile's name, in the account of the instances
  friend bool operator==(const Association&, const Association&) = default;
};

struct SecurityGroup {
  std::string id, name;  // one of them may be unknown, and empty
};

struct NetworkInterface {
  std::string id, mac, owner_id, subnet_id, vpc_id;
  int device_index = 0, network_card = 0;
  std::string private_dns_name, public_dns_name;
  std::vector<std::string> private_ips, public_ips, ipv6s;  // the first of each is the primary one
  std::vector<std::string> ipv4_prefixes, ipv6_prefixes;
  std::vector<SecurityGroup> groups;
};

/// What the API can change of an instance that is there.
struct InstanceSettings {
  std::optional<Association> association;
  MetadataOptions metadata_options;
  Tags tags;
  bool stopped = false;     // there, but without metadata
  bool terminated = false;  // once true, for good
};

struct Instance {
  std::string id, image_id, type;
  std::string account, reservation_id;
  InstanceState state = InstanceState::running;
  base::SystemTime launch_time;
  std::string zone, zone_id, placement_group, host_id, partition_number;
  std::string architecture, kernel_id, ramdisk_id, root_device, ami_launch_index;
  std::string lifecycle;  // spot, scheduled, capacity-block; empty: on demand
  std::string monitoring, key_name, client_token;
  bool hibernation = false;
  bool declared = false;  // stands in the configuration: runs as long as it does
  /// Stands in the configuration, or was asked to be protected: TerminateInstances refuses.
  bool termination_protected = false;
  std::vector<std::string> product_codes;
  std::string user_data;  // raw bytes
  std::vector<SecurityGroup> groups;
  std::vector<NetworkInterface> interfaces;  // none of a terminated one
  InstanceSettings settings;
};

/// What RunInstances asks for, checked.
struct RunOrder {
  std::size_t min_count = 1, max_count = 1;
  std::string image_id, type;
  std::string zone;        // empty: the region's first
  std::string subnet_id;   // empty: the zone's
  std::string private_ip;  // empty: one of the subnet
  std::string placement_group, key_name;
  std::vector<std::string> group_names, group_ids;
  std::optional<std::string> user_data;
  bool monitoring = false;
  bool termination_protected = false;
  std::string profile;  // the instance profile's name; empty: none
  MetadataOptionsChange metadata_options;
  Tags tags;
  std::string client_token;  // empty: none
  std::string digest;        // of what was asked for, to tell a repetition from a reuse
};

}  // namespace imdsd::ec2
