// SPDX-License-Identifier: MIT
#include "reach/cloud.h"

#include <algorithm>
#include <string_view>

#include "base/codec.h"

namespace imdsd::reach {
namespace {

std::string is(std::string_view field, const std::string& value) {
  return std::string(field) + " is `" + value + "`";
}

/// i-, and 8 or 17 hexadecimal digits.
bool is_instance_id(std::string_view text) {
  if (!text.starts_with("i-") || (text.size() != 10 && text.size() != 19)) return false;
  const auto digits = text.substr(2);
  return std::all_of(digits.begin(), digits.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// EC2 in front, or where it is in a UUID whose first field is little-endian: 45E12AEC-….
bool begins_with_ec2(const std::string& uuid) {
  const auto text = base::to_lower(uuid);
  if (text.starts_with("ec2")) return true;
  return text.size() >= 8 && text.substr(6, 2) == "ec" && text[4] == '2';
}

std::optional<std::string> evidence_of_ec2(const Dmi& dmi) {
  if (dmi.sys_vendor == "Amazon EC2") return is("sys_vendor", dmi.sys_vendor);
  if (is_instance_id(dmi.board_asset_tag)) return is("board_asset_tag", dmi.board_asset_tag);
  if (base::to_lower(dmi.hypervisor_uuid).starts_with("ec2")) {
    return is("/sys/hypervisor/uuid", dmi.hypervisor_uuid);
  }
  // "4.11.amazon": the Xen hosts of EC2.
  if (base::to_lower(dmi.bios_version).find("amazon") != std::string::npos) {
    return is("bios_version", dmi.bios_version);
  }
  if (dmi.sys_vendor == "Xen" && begins_with_ec2(dmi.product_uuid)) {
    return "sys_vendor is `Xen` and product_uuid begins with EC2";
  }
  return std::nullopt;
}

struct Mark {
  std::string_view cloud;
  std::string Dmi::*field;
  std::string_view field_name, value;
};
// As cloud-init's ds-identify tells them apart. Each of these has a service of its own at
// 169.254.169.254.
const Mark kMarks[] = {
    {"Google Compute Engine", &Dmi::product_name, "product_name", "Google Compute Engine"},
    {"Azure", &Dmi::chassis_asset_tag, "chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77"},
    {"Oracle Cloud", &Dmi::chassis_asset_tag, "chassis_asset_tag", "OracleCloud.com"},
    {"OpenStack", &Dmi::product_name, "product_name", "OpenStack Nova"},
    {"OpenStack", &Dmi::product_name, "product_name", "OpenStack Compute"},
    {"DigitalOcean", &Dmi::sys_vendor, "sys_vendor", "DigitalOcean"},
    {"Hetzner Cloud", &Dmi::sys_vendor, "sys_vendor", "Hetzner"},
    {"Vultr", &Dmi::sys_vendor, "sys_vendor", "Vultr"},
    {"Scaleway", &Dmi::sys_vendor, "sys_vendor", "Scaleway"},
    {"Exoscale", &Dmi::product_name, "product_name", "Exoscale"},
    {"Alibaba Cloud", &Dmi::product_name, "product_name", "Alibaba Cloud ECS"},
};

}  // namespace

std::optional<Cloud> detect_cloud(const Dmi& dmi) {
  if (auto evidence = evidence_of_ec2(dmi)) return Cloud{"EC2", *std::move(evidence), true};
  for (const auto& mark : kMarks) {
    const auto& value = dmi.*mark.field;
    if (value == mark.value) return Cloud{std::string(mark.cloud), is(mark.field_name, value)};
  }
  if (begins_with_ec2(dmi.product_uuid) && !dmi.product_uuid.empty()) {
    return Cloud{"EC2, perhaps", "product_uuid begins with EC2"};
  }
  return std::nullopt;
}

}  // namespace imdsd::reach
