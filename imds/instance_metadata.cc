// SPDX-License-Identifier: MIT
// The categories, their formats and their versions:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
#include "imds/instance_metadata.h"

#include <algorithm>
#include <string>
#include <utility>

#include "aws/time_format.h"
#include "imds/ec2_json.h"
#include "imds/identity_document.h"
#include "imds/metadata_override.h"
#include "imds/network_rows.h"
#include "imds/region_names.h"
#include "imds/role_rows.h"
#include "imds/row_list.h"

namespace imdsd::imds {
namespace {

void add_image(RowList rows, const InstanceDescription& d) {
  rows.leaf("ami-id", d.ami_id);
  rows.leaf("ami-launch-index", d.ami_launch_index);
  rows.leaf("ami-manifest-path", d.ami_manifest_path);
  rows.lines("ancestor-ami-ids", d.ancestor_ami_ids, "2007-10-10");
  rows.leaf_if_set("kernel-id", d.kernel_id, "2008-02-01");
  rows.lines("product-codes", d.product_codes, "2007-03-01");
  rows.leaf_if_set("ramdisk-id", d.ramdisk_id, "2007-10-10");
  for (const auto& device : d.block_devices) {
    rows.below("block-device-mapping").leaf(device.name, device.device, "2007-12-15");
  }
}

void add_instance(RowList rows, const InstanceDescription& d) {
  rows.leaf_if_set("autoscaling/target-lifecycle-state", d.target_lifecycle_state, "2021-07-15");
  rows.leaf_if_set("hibernation/configured", d.hibernation_configured);
  rows.leaf("instance-action", d.instance_action, "2008-09-01");
  rows.leaf("instance-id", d.id);
  rows.leaf("instance-life-cycle", d.instance_life_cycle, "2019-10-01");
  rows.leaf("instance-type", d.type, "2007-08-29");
  rows.leaf("metrics/vhostmd", R"(<?xml version="1.0" encoding="UTF-8"?>)", "2011-05-01");
  rows.leaf("profile", "default-hvm");
  rows.leaf("reservation-id", d.reservation_id);
  rows.lines("security-groups", d.security_groups);
  rows.leaf("services/domain", std::string(services_domain(d.partition)), "2014-02-25");
  rows.leaf("services/partition", d.partition, "2015-10-20");
  rows.leaf("system", d.hypervisor, "2022-09-24");
  if (!d.instance_metadata_tags) return;
  for (const auto& [key, value] : d.tags) rows.leaf("tags/instance/" + key, value, "2021-03-23");
}

/// What clients poll and must find: nothing is planned, and nothing was.
void add_events(RowList rows) {
  rows.leaf("events/maintenance/history", "[]", "2018-08-17");
  rows.leaf("events/maintenance/scheduled", "[]", "2018-08-17");
}

void add_addresses(RowList rows, const InstanceDescription& d) {
  const NetworkInterface& primary = d.interfaces.front();
  rows.leaf("hostname", d.hostname);
  rows.leaf("local-hostname", primary.local_hostname, "2007-01-19");
  rows.leaf("mac", primary.mac, "2011-01-01");
  if (!primary.local_ipv4s.empty()) rows.leaf("local-ipv4", primary.local_ipv4s.front());
  if (!primary.ipv6s.empty()) rows.leaf("ipv6", primary.ipv6s.front(), "2021-01-03");
  if (!primary.public_ipv4s.empty()) {
    rows.leaf("public-hostname", primary.public_hostname, "2007-01-19");
    rows.leaf("public-ipv4", primary.public_ipv4s.front(), "2007-01-19");
  }
}

void add_placement(RowList rows, const InstanceDescription& d) {
  rows.leaf("availability-zone", d.availability_zone, "2008-02-01");
  rows.leaf("availability-zone-id", d.availability_zone_id, "2019-10-01");
  rows.leaf("region", d.region, "2020-08-24");
  rows.leaf_if_set("group-name", d.group_name, "2020-08-24");
  rows.leaf_if_set("host-id", d.host_id, "2020-08-24");
  rows.leaf_if_set("partition-number", d.partition_number, "2020-08-24");
}

/// The listing is `0=name`, and a key alone in the tree ends in a newline.
void add_public_keys(RowList rows, const InstanceDescription& d) {
  if (d.public_keys.empty()) return;
  std::string listing;
  for (std::size_t i = 0; i < d.public_keys.size(); ++i) {
    const std::string number = std::to_string(i);
    listing += (i == 0 ? "" : "\n") + number + "=" + d.public_keys[i].name;
    rows.leaf("public-keys/" + number + "/openssh-key", d.public_keys[i].openssh_key + "\n");
  }
  rows.add({.path = "public-keys", .kind = MetadataRow::Kind::list, .value = std::move(listing)});
}

void add_identity_credentials(RowList rows, const InstanceDescription& d) {
  rows.leaf("identity-credentials/ec2/info",
            Ec2Json()
                .text("Code", "Success")
                .text("LastUpdated", aws::format_iso8601(d.launch_time))
                .text("AccountId", d.account_id)
                .take(),
            "2018-05-23");
}

void add_dynamic(RowList rows, const InstanceDescription& d) {
  rows.leaf("fws/instance-monitoring", d.monitoring, "2009-04-04");
  rows.leaf("instance-identity/document", identity_document(d), "2009-04-04");
}

}  // namespace

std::vector<MetadataRow> metadata_rows(const InstanceDescription& d) {
  std::vector<MetadataRow> rows = role_rows();
  const RowList meta_data(rows, "meta-data/");
  add_image(meta_data, d);
  add_instance(meta_data, d);
  add_events(meta_data);
  add_addresses(meta_data, d);
  add_placement(meta_data.below("placement"), d);
  add_public_keys(meta_data, d);
  add_identity_credentials(meta_data, d);
  add_network_rows(d, rows);
  add_dynamic(RowList(rows, "dynamic/"), d);
  if (d.user_data) {
    rows.push_back({.path = "user-data", .value = *d.user_data, .content_type = kOctetStream});
  }
  return rows;
}

base::Result<std::vector<MetadataRow>> described_rows(
    InstanceDescription description, std::shared_ptr<const IdentitySigner> signer) {
  const InstanceDescription d = complete(std::move(description));
  std::vector<MetadataRow> rows = metadata_rows(d);
  if (signer != nullptr) add_signature_rows(std::move(signer), identity_document(d), rows);
  for (const MetadataOverride& change : d.overrides) IMDSD_TRY_VOID(apply_override(change, rows));
  return rows;
}

base::Result<std::shared_ptr<const MetadataTree>> build_metadata_tree(
    InstanceDescription description, base::SystemTime now,
    std::shared_ptr<const IdentitySigner> signer) {
  IMDSD_TRY(auto rows, described_rows(std::move(description), std::move(signer)));
  return MetadataTree::build(std::move(rows), now);
}

}  // namespace imdsd::imds
