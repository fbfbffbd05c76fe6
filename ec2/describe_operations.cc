// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/codec.h"
#include "ec2/authorize.h"
#include "ec2/errors.h"
#include "ec2/filter.h"
#include "ec2/find.h"
#include "ec2/instance_filters.h"
#include "ec2/instance_xml.h"
#include "ec2/operation.h"
#include "ec2/paging.h"
#include "ec2/parameters.h"
#include "ec2/xml.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

/// Instances that were started together are one reservation, in the order of their first ones.
void write_reservations(const Call& call, const std::vector<Instance>& instances) {
  std::vector<std::vector<const Instance*>> reservations;
  std::map<std::string_view, std::size_t> places;
  for (const Instance& instance : instances) {
    const auto [place, is_new] = places.emplace(instance.reservation_id, reservations.size());
    if (is_new) reservations.emplace_back();
    reservations[place->second].push_back(&instance);
  }
  call.xml.open("reservationSet");
  for (const auto& reservation : reservations) {
    call.xml.open("item");
    write_reservation(call, reservation);
    call.xml.close();
  }
  call.xml.close();
}

/// Those of `ids`, or all, that pass the filters.
Outcome<Page<Instance>> select(const Call& call, std::vector<std::string> ids,
                               const std::vector<Filter>& filters, const PageRequest& page) {
  const std::span<const FilterRow<Instance>> rows = instance_filters();
  if (ids.empty()) {
    return collect_page<Instance>(call.ids(), page, [&](const std::string& id) {
      auto instance = call.find(id);
      if (instance && !matches_all(filters, call, rows, *instance)) instance.reset();
      return instance;
    });
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  IMDSD_TRY(auto found, find_instances(call, ids));
  std::erase_if(found,
                [&](const Instance& each) { return !matches_all(filters, call, rows, each); });
  return Page<Instance>{std::move(found), {}};
}

Outcome<void> describe_instances(Call& call) {
  auto ids = numbered_texts(call.parameters(), "InstanceId");
  IMDSD_TRY_VOID(check_instance_ids(ids));
  IMDSD_TRY(const auto filters, read_filters(call, instance_filters()));
  IMDSD_TRY(const PageRequest page, read_page(call));
  if (!ids.empty()) IMDSD_TRY_VOID(check_no_page(call, "instancesSet"));
  IMDSD_TRY_VOID(require(call, "ec2:DescribeInstances", "*"));
  IMDSD_TRY(const auto shown, select(call, std::move(ids), filters, page));
  IMDSD_TRY_VOID(call.end_dry_run());
  write_reservations(call, shown.items);
  write_next_token(call, shown.last);
  return {};
}

/// There is one: aws.region. Its endpoint is where the caller is, and not told.
Outcome<void> describe_regions(Call& call) {
  const auto names = numbered_texts(call.parameters(), "RegionName");
  IMDSD_TRY_VOID(require(call, "ec2:DescribeRegions", "*"));
  for (const std::string& name : names) {
    if (name != call.place.region) {
      return invalid_value("Invalid region names provided: (" + name +
                           "): the only region here is " + call.place.region + " (aws.region)");
    }
  }
  IMDSD_TRY_VOID(call.end_dry_run());
  call.xml.open("regionInfo").open("item");
  call.xml.leaf("regionName", call.place.region).leaf("optInStatus", "opt-in-not-required");
  call.xml.close().close();
  return {};
}

/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
Outcome<void> describe_attribute(Call& call) {
  IMDSD_TRY(const std::string id, required_text(call.parameters(), "InstanceId"));
  IMDSD_TRY(const std::string attribute, required_text(call.parameters(), "Attribute"));
  IMDSD_TRY_VOID(check_instance_ids({id}));
  IMDSD_TRY_VOID(require_on_instance(call, "ec2:DescribeInstanceAttribute", id));
  IMDSD_TRY(const Instance instance, find_instance(call, id));
  IMDSD_TRY_VOID(call.end_dry_run());
  std::string value;
  if (attribute == "instanceType") {
    value = instance.type;
  } else if (attribute == "disableApiTermination") {
    value = bool_text(instance.termination_protected);
  } else if (attribute == "rootDeviceName") {
    value = instance.root_device;
  } else if (attribute == "userData") {
    value = base::base64_encode(instance.user_data);
  } else {
    return invalid_value("Value (" + attribute +
                         ") for parameter attribute is invalid. Of an emulated instance there are "
                         "disableApiTermination, instanceType, rootDeviceName and userData");
  }
  call.xml.leaf("instanceId", id).open(attribute);
  leaf_if(call.xml, "value", value);
  call.xml.close();
  return {};
}

constexpr std::array<std::string_view, 5> kDescribe{"InstanceId.N", "Filter.N.Name",
                                                    "Filter.N.Value.N", "MaxResults", "NextToken"};
constexpr std::array<std::string_view, 2> kAttribute{"InstanceId", "Attribute"};
constexpr std::array<std::string_view, 2> kRegions{"RegionName.N", "AllRegions"};

constexpr std::array kOperations{
    Operation{"DescribeInstances", kDescribe, describe_instances},
    Operation{"DescribeInstanceAttribute", kAttribute, describe_attribute},
    Operation{"DescribeRegions", kRegions, describe_regions},
};

}  // namespace

std::span<const Operation> describe_operations() {
  return kOperations;
}

}  // namespace imdsd::ec2
