// SPDX-License-Identifier: MIT
#include "imds/identity_document.h"

#include "aws/time_format.h"
#include "imds/ec2_json.h"

namespace imdsd::imds {
namespace {

void text_or_null(Ec2Json& json, std::string_view name, const std::string& value) {
  if (value.empty()) {
    json.null(name);
  } else {
    json.text(name, value);
  }
}

void texts_or_null(Ec2Json& json, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) {
    json.null(name);
  } else {
    json.texts(name, values);
  }
}

/// IPv6 where the instance has nothing else.
const std::string& private_ip(const NetworkInterface& primary) {
  static const std::string kNone;
  if (!primary.local_ipv4s.empty()) return primary.local_ipv4s.front();
  return primary.ipv6s.empty() ? kNone : primary.ipv6s.front();
}

}  // namespace

std::string identity_document(const InstanceDescription& d) {
  Ec2Json json;
  json.text("accountId", d.account_id)
      .text("architecture", d.architecture)
      .text("availabilityZone", d.availability_zone);
  texts_or_null(json, "billingProducts", d.billing_products);
  json.null("devpayProductCodes");
  texts_or_null(json, "marketplaceProductCodes", d.product_codes);
  json.text("imageId", d.ami_id).text("instanceId", d.id).text("instanceType", d.type);
  text_or_null(json, "kernelId", d.kernel_id);
  json.text("pendingTime", aws::format_iso8601(d.launch_time))
      .text("privateIp", private_ip(d.interfaces.front()));
  text_or_null(json, "ramdiskId", d.ramdisk_id);
  return json.text("region", d.region).text("version", "2017-09-30").take();
}

}  // namespace imdsd::imds
