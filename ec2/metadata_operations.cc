// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-existing-instances.html
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "ec2/authorize.h"
#include "ec2/errors.h"
#include "ec2/find.h"
#include "ec2/instance_xml.h"
#include "ec2/operation.h"
#include "ec2/parameters.h"
#include "ec2/tags.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

constexpr std::array<std::string_view, 5> kOptions{"HttpTokens", "HttpEndpoint",
                                                   "HttpPutResponseHopLimit",
                                                   "InstanceMetadataTags", "HttpProtocolIpv6"};

/// ec2:Attribute/HttpTokens and its like: what the request sets.
AddKeys attribute_keys(const Call& call) {
  return [&call](iam::ConditionKeys& keys) {
    std::vector<std::string> names;
    for (const std::string_view option : kOptions) {
      const auto value = call.parameters().get(option);
      if (!value) continue;
      keys.set("ec2:Attribute/" + std::string(option), std::string(*value));
      names.emplace_back(option);
    }
    if (!names.empty()) keys.set("ec2:Attribute", std::move(names));
  };
}

Outcome<void> check_state(const Instance& instance, const MetadataOptions& options) {
  if (instance.state == InstanceState::terminated) {
    return aws::service_error(400, "IncorrectInstanceState",
                              "The instance '" + instance.id +
                                  "' is not in a state from which its metadata options can be "
                                  "modified");
  }
  return check_tags(instance.settings.tags, options.tags_in_metadata);
}

Outcome<void> modify(Call& call) {
  IMDSD_TRY(const std::string id, required_text(call.parameters(), "InstanceId"));
  IMDSD_TRY_VOID(check_instance_ids({id}));
  IMDSD_TRY(const MetadataOptionsChange change, read_metadata_options(call.parameters(), ""));
  IMDSD_TRY_VOID(
      require_on_instance(call, "ec2:ModifyInstanceMetadataOptions", id, attribute_keys(call)));
  IMDSD_TRY(const Instance instance, find_instance(call, id));
  IMDSD_TRY_VOID(check_state(instance, change.applied_to(instance.settings.metadata_options)));
  IMDSD_TRY_VOID(call.end_dry_run());
  IMDSD_TRY(const Instance changed, call.change(id, [&](Instance& now) -> Outcome<void> {
    MetadataOptions& options = now.settings.metadata_options;
    IMDSD_TRY_VOID(check_state(now, change.applied_to(options)));
    options = change.applied_to(options);
    return {};
  }));
  call.xml.leaf("instanceId", id).open("instanceMetadataOptions");
  write_metadata_options(call.xml, changed.settings.metadata_options, "pending");
  call.xml.close();
  return {};
}

constexpr std::array<std::string_view, 6> kModify{"InstanceId",           "HttpTokens",
                                                  "HttpEndpoint",         "HttpPutResponseHopLimit",
                                                  "InstanceMetadataTags", "HttpProtocolIpv6"};

constexpr std::array kOperations{
    Operation{"ModifyInstanceMetadataOptions", kModify, modify},
};

}  // namespace

std::span<const Operation> metadata_operations() {
  return kOperations;
}

}  // namespace imdsd::ec2
