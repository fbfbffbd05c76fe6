// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
#include "ec2/run_order.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/digest.h"
#include "base/ip_address.h"
#include "ec2/errors.h"
#include "ec2/parameters.h"
#include "ec2/tags.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;
using aws::QueryParameters;

constexpr std::string_view kDefaultType = "m1.small";  // EC2's own
constexpr std::size_t kMaxUserData = 16 * 1024;
constexpr std::size_t kMaxClientToken = 64;

constexpr std::array<std::string_view, 27> kParameters{
    "ImageId",
    "InstanceType",
    "MinCount",
    "MaxCount",
    "KeyName",
    "SecurityGroup.N",
    "SecurityGroupId.N",
    "SubnetId",
    "PrivateIpAddress",
    "UserData",
    "ClientToken",
    "Placement.AvailabilityZone",
    "Placement.GroupName",
    "Placement.Tenancy",
    "Monitoring.Enabled",
    "DisableApiTermination",
    "EbsOptimized",
    "IamInstanceProfile.Name",
    "IamInstanceProfile.Arn",
    "MetadataOptions.HttpTokens",
    "MetadataOptions.HttpEndpoint",
    "MetadataOptions.HttpPutResponseHopLimit",
    "MetadataOptions.HttpProtocolIpv6",
    "MetadataOptions.InstanceMetadataTags",
    "TagSpecification.N.ResourceType",
    "TagSpecification.N.Tag.N.Key",
    "TagSpecification.N.Tag.N.Value",
};

class OrderReader {
 public:
  explicit OrderReader(const Call& call) : call_(call), parameters_(call.parameters()) {}

  Outcome<RunOrder> read() {
    IMDSD_TRY_VOID(read_counts());
    IMDSD_TRY_VOID(read_image());
    IMDSD_TRY_VOID(read_network());
    IMDSD_TRY_VOID(read_placement());
    IMDSD_TRY_VOID(read_user_data());
    IMDSD_TRY_VOID(read_switches());
    IMDSD_TRY(order_.metadata_options, read_metadata_options(parameters_, "MetadataOptions."));
    IMDSD_TRY_VOID(read_tag_specifications());
    order_.key_name = call_.text("KeyName");
    order_.client_token = call_.text("ClientToken");
    if (order_.client_token.size() > kMaxClientToken) {
      return invalid_value("The client token may have at most 64 characters");
    }
    order_.digest = digest();
    return std::move(order_);
  }

 private:
  Outcome<std::size_t> read_count(std::string_view name) const {
    IMDSD_TRY_VOID(required_text(parameters_, name));
    IMDSD_TRY(const auto count, optional_integer(parameters_, name));
    if (*count >= 1) return static_cast<std::size_t>(*count);
    return invalid_value_of(member_name(name), std::to_string(*count), "It must be at least 1.");
  }

  Outcome<void> read_counts() {
    IMDSD_TRY(order_.min_count, read_count("MinCount"));
    IMDSD_TRY(order_.max_count, read_count("MaxCount"));
    if (order_.min_count <= order_.max_count) return {};
    return invalid_value_of("maxCount", std::to_string(order_.max_count),
                            "It must not be below minCount.");
  }

  Outcome<void> read_image() {
    IMDSD_TRY(order_.image_id, required_text(parameters_, "ImageId"));
    if (!is_resource_id(order_.image_id, "ami-")) {
      return aws::service_error(400, "InvalidAMIID.Malformed",
                                "Invalid id: \"" + order_.image_id + "\" (expecting \"ami-...\")");
    }
    order_.type = call_.text("InstanceType");
    if (order_.type.empty()) order_.type = kDefaultType;
    const auto part = [](std::string_view text) {
      return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                                  std::string_view::npos;
    };
    const std::size_t dot = order_.type.find('.');
    const std::string_view type = order_.type;
    if (dot != std::string::npos && part(type.substr(0, dot)) && part(type.substr(dot + 1))) {
      return {};
    }
    return invalid_value("Invalid value '" + order_.type + "' for InstanceType.");
  }

  Outcome<void> read_network() {
    order_.group_names = numbered_texts(parameters_, "SecurityGroup");
    order_.group_ids = numbered_texts(parameters_, "SecurityGroupId");
    for (const std::string& id : order_.group_ids) {
      if (is_resource_id(id, "sg-")) continue;
      return aws::service_error(400, "InvalidGroupId.Malformed",
                                "Invalid id: \"" + id + "\" (expecting \"sg-...\")");
    }
    order_.subnet_id = call_.text("SubnetId");
    if (!order_.subnet_id.empty() && !is_resource_id(order_.subnet_id, "subnet-")) {
      return aws::service_error(
          400, "InvalidSubnetID.Malformed",
          "Invalid id: \"" + order_.subnet_id + "\" (expecting \"subnet-...\")");
    }
    order_.private_ip = call_.text("PrivateIpAddress");
    if (order_.private_ip.empty()) return {};
    if (order_.max_count > 1) {
      return invalid_combination(
          "The parameter PrivateIpAddress cannot be used when several instances are run");
    }
    const auto address = base::IpAddress::parse(order_.private_ip);
    if (address && !address->is_v6() && address->to_string() == order_.private_ip) return {};
    return invalid_value("Invalid value '" + order_.private_ip +
                         "' for PrivateIpAddress: it must be an IPv4 address");
  }

  Outcome<void> read_placement() {
    order_.zone = call_.text("Placement.AvailabilityZone");
    order_.placement_group = call_.text("Placement.GroupName");
    const std::string tenancy = call_.text("Placement.Tenancy");
    if (!tenancy.empty() && tenancy != "default") {
      return unsupported("Emulated instances have the tenancy `default` alone, not `" + tenancy +
                         "`.");
    }
    const std::string& region = call_.place.region;
    const std::string& zone = order_.zone;
    const bool in_region = zone.size() > region.size() && zone.starts_with(region) &&
                           zone.back() >= 'a' && zone.back() <= 'z';
    if (zone.empty() || in_region) return {};
    return invalid_value("Invalid availability zone: [" + zone + "]: it must be one of " + region +
                         ", such as " + region + "a");
  }

  Outcome<void> read_user_data() {
    const std::string text = call_.text("UserData");
    if (text.empty()) return {};
    const auto data = base::base64_decode(text);
    if (!data) {
      return aws::service_error(400, "InvalidUserData.Malformed",
                                "Invalid BASE64 encoding of user data.");
    }
    if (data->size() > kMaxUserData) {
      return invalid_value("User data is limited to 16384 bytes");
    }
    order_.user_data = *data;
    return {};
  }

  Outcome<void> read_switches() {
    IMDSD_TRY(const auto monitoring, optional_boolean(parameters_, "Monitoring.Enabled"));
    IMDSD_TRY(const auto is_protected, optional_boolean(parameters_, "DisableApiTermination"));
    IMDSD_TRY(const auto optimized, optional_boolean(parameters_, "EbsOptimized"));
    order_.monitoring = monitoring.value_or(false);
    order_.termination_protected = is_protected.value_or(false);
    if (!optimized.value_or(false)) return {};
    return unsupported("Emulated instances have no volumes: EbsOptimized cannot be true.");
  }

  Outcome<void> read_tag_specifications() {
    for (const QueryParameters& each : parameters_.numbered("TagSpecification")) {
      const std::string type(each.get("ResourceType").value_or(""));
      if (type != "instance") {
        return invalid_value("'" + type +
                             "' is not a valid taggable resource type for this operation.");
      }
      IMDSD_TRY(const Tags tags, read_tags(each));
      for (const auto& [key, value] : tags) set_tag(order_.tags, key, value);
    }
    return {};
  }

  /// Of everything that is asked for, in any order.
  [[nodiscard]] std::string digest() const {
    std::vector<std::string> lines;
    for (const auto& [name, value] : parameters_.all()) {
      if (name.starts_with("X-Amz-") || name == "DryRun") continue;
      lines.push_back(std::to_string(name.size()) + ":" + name + "=" + value);
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return base::hex_encode(base::sha256(text));
  }

  const Call& call_;
  const QueryParameters& parameters_;
  RunOrder order_;
};

}  // namespace

std::span<const std::string_view> run_parameters() {
  return kParameters;
}

Outcome<RunOrder> read_run_order(const Call& call) {
  return OrderReader(call).read();
}

}  // namespace imdsd::ec2
