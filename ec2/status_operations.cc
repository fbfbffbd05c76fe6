// SPDX-License-Identifier: MIT
// What those ask who wait for an instance, and where it may be.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ec2/authorize.h"
#include "ec2/errors.h"
#include "ec2/filter.h"
#include "ec2/find.h"
#include "ec2/instance_xml.h"
#include "ec2/operation.h"
#include "ec2/paging.h"
#include "ec2/parameters.h"
#include "ec2/xml.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;
using Values = std::vector<std::string>;

/// Checks are of running instances; an emulated one passes them at once.
std::string_view status_of(const Instance& instance) {
  return instance.state == InstanceState::running ? "ok" : "not-applicable";
}
Values reachability(const Instance& instance) {
  return instance.state == InstanceState::running ? Values{"passed"} : Values();
}

using Row = FilterRow<Instance>;
constexpr std::array kStatusFilters{
    Row{"availability-zone",
        [](const Call&, const Instance& i, std::string_view) { return Values{i.zone}; }},
    Row{"availability-zone-id",
        [](const Call&, const Instance& i, std::string_view) { return Values{i.zone_id}; }},
    Row{"instance-state-code",
        [](const Call&, const Instance& i, std::string_view) {
          return Values{std::to_string(static_cast<int>(i.state))};
        }},
    Row{"instance-state-name",
        [](const Call&, const Instance& i, std::string_view) {
          return Values{std::string(to_string(i.state))};
        }},
    Row{"instance-status.reachability",
        [](const Call&, const Instance& i, std::string_view) { return reachability(i); }},
    Row{"instance-status.status",
        [](const Call&, const Instance& i, std::string_view) {
          return Values{std::string(status_of(i))};
        }},
    Row{"system-status.reachability",
        [](const Call&, const Instance& i, std::string_view) { return reachability(i); }},
    Row{"system-status.status", [](const Call&, const Instance& i,
                                   std::string_view) { return Values{std::string(status_of(i))}; }},
};

void write_check(const Call& call, std::string_view name, const Instance& instance) {
  call.xml.open(name).leaf("status", status_of(instance));
  for (const std::string& status : reachability(instance)) {
    call.xml.open("details").open("item");
    call.xml.leaf("name", "reachability").leaf("status", status).close().close();
  }
  call.xml.close();
}

void write_status(const Call& call, const Instance& instance) {
  call.xml.open("item").leaf("instanceId", instance.id);
  call.xml.leaf("availabilityZone", instance.zone);
  leaf_if(call.xml, "availabilityZoneId", instance.zone_id);
  write_state(call.xml, "instanceState", instance.state);
  write_check(call, "systemStatus", instance);
  write_check(call, "instanceStatus", instance);
  call.xml.close();
}

/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html: without
/// IncludeAllInstances the running ones alone, named or not.
Outcome<void> describe_status(Call& call) {
  const auto named = numbered_texts(call.parameters(), "InstanceId");
  IMDSD_TRY_VOID(check_instance_ids(named));
  const std::span<const Row> rows = kStatusFilters;
  IMDSD_TRY(const auto filters, read_filters(call, rows));
  IMDSD_TRY(const auto all, optional_boolean(call.parameters(), "IncludeAllInstances"));
  IMDSD_TRY(const PageRequest page, read_page(call));
  if (!named.empty()) IMDSD_TRY_VOID(check_no_page(call, "instancesSet"));
  IMDSD_TRY_VOID(require(call, "ec2:DescribeInstanceStatus", "*"));
  IMDSD_TRY_VOID(find_instances(call, named));
  IMDSD_TRY_VOID(call.end_dry_run());
  auto ids = named.empty() ? call.ids() : named;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const auto shown = collect_page<Instance>(ids, page, [&](const std::string& id) {
    auto instance = call.find(id);
    const bool wanted = instance &&
                        (all.value_or(false) || instance->state == InstanceState::running) &&
                        matches_all(filters, call, rows, *instance);
    if (!wanted) instance.reset();
    return instance;
  });
  call.xml.open("instanceStatusSet");
  for (const Instance& instance : shown.items) write_status(call, instance);
  call.xml.close();
  write_next_token(call, shown.last);
  return {};
}

struct Zone {
  std::string name, id;  // the latter empty where nothing tells it
};
using ZoneRow = FilterRow<Zone>;
constexpr std::array kZoneFilters{
    ZoneRow{"region-name", [](const Call& call, const Zone&,
                              std::string_view) { return Values{call.place.region}; }},
    ZoneRow{"state",
            [](const Call&, const Zone&, std::string_view) { return Values{"available"}; }},
    ZoneRow{"zone-id",
            [](const Call&, const Zone& zone, std::string_view) { return Values{zone.id}; }},
    ZoneRow{"zone-name",
            [](const Call&, const Zone& zone, std::string_view) { return Values{zone.name}; }},
    ZoneRow{"zone-type",
            [](const Call&, const Zone&, std::string_view) { return Values{"availability-zone"}; }},
};

/// Those that instances are in, and the region's first, where RunInstances puts others.
std::map<std::string, Zone, std::less<>> zones_of(const Call& call) {
  const std::string first = call.place.region + "a";
  std::map<std::string, Zone, std::less<>> zones{{first, {first, {}}}};
  for (const std::string& id : call.ids()) {
    const auto instance = call.find(id);
    if (instance) zones[instance->zone] = {instance->zone, instance->zone_id};
  }
  return zones;
}

Outcome<void> describe_zones(Call& call) {
  const auto names = numbered_texts(call.parameters(), "ZoneName");
  const std::span<const ZoneRow> rows = kZoneFilters;
  IMDSD_TRY(const auto filters, read_filters(call, rows));
  IMDSD_TRY_VOID(require(call, "ec2:DescribeAvailabilityZones", "*"));
  const auto zones = zones_of(call);
  for (const std::string& name : names) {
    if (zones.find(name) == zones.end()) {
      return invalid_value("Invalid availability zone: [" + name + "]");
    }
  }
  IMDSD_TRY_VOID(call.end_dry_run());
  call.xml.open("availabilityZoneInfo");
  for (const auto& [name, zone] : zones) {
    const bool named = names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    if (!named || !matches_all(filters, call, rows, zone)) continue;
    call.xml.open("item").leaf("optInStatus", "opt-in-not-required").leaf("zoneName", name);
    leaf_if(call.xml, "zoneId", zone.id);
    call.xml.leaf("zoneState", "available").leaf("regionName", call.place.region);
    call.xml.leaf("zoneType", "availability-zone").open("messageSet").close().close();
  }
  call.xml.close();
  return {};
}

constexpr std::array<std::string_view, 6> kStatus{"InstanceId.N",     "Filter.N.Name",
                                                  "Filter.N.Value.N", "IncludeAllInstances",
                                                  "MaxResults",       "NextToken"};
constexpr std::array<std::string_view, 4> kZones{"ZoneName.N", "Filter.N.Name", "Filter.N.Value.N",
                                                 "AllAvailabilityZones"};

constexpr std::array kOperations{
    Operation{"DescribeInstanceStatus", kStatus, describe_status},
    Operation{"DescribeAvailabilityZones", kZones, describe_zones},
};

}  // namespace

std::span<const Operation> status_operations() {
  return kOperations;
}

}  // namespace imdsd::ec2
