// SPDX-License-Identifier: MIT
#include "imds/events.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "imds/instance_metadata.h"
#include "imds/snapshot.h"
#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

using std::chrono::seconds;

const base::SystemTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 2 / 3) + seconds(65);

/// What the sample's tree has at a path below meta-data/ with these events.
std::string with(const InstanceEvents& events, const std::string& path,
                 std::string_view version = kLatest) {
  std::vector<MetadataRow> rows = metadata_rows(complete(sample()));
  apply_events(events, rows);
  const auto tree = MetadataTree::build(std::move(rows), kNow);
  if (!tree) return tree.error().message;
  const InstanceSnapshot snapshot;
  const auto value =
      (*tree)->read("meta-data/" + path, {snapshot, Delivery::imdsv2, kNow, version});
  return value ? value->body : "(absent)";
}

InstanceEvents spot(SpotInterruption::Action action) {
  InstanceEvents events;
  events.spot = SpotInterruption{action, kNow};
  return events;
}

MaintenanceEvent reboot(MaintenanceEvent::State state) {
  return {.id = "instance-event-0d59937288b749b32",
          .code = "system-reboot",
          .description = "scheduled reboot",
          .state = state,
          .not_before = kNow,
          .not_after = kNow + std::chrono::days(20)};
}

TEST(InstanceEvents, WithoutAnyTheTreeIsWhatItWas) {
  std::vector<MetadataRow> rows = metadata_rows(complete(sample()));
  const std::size_t count = rows.size();
  apply_events({}, rows);
  EXPECT_EQ(rows.size(), count);
  EXPECT_EQ(with({}, "spot"), "(absent)");
  EXPECT_EQ(with({}, "events"), "maintenance/");
  EXPECT_EQ(with({}, "autoscaling"), "(absent)");
}

TEST(InstanceEvents, SpotTerminationHasActionAndTime) {
  const auto events = spot(SpotInterruption::Action::terminate);
  EXPECT_EQ(with(events, "spot"), "instance-action\ntermination-time");
  EXPECT_EQ(with(events, "spot/instance-action"),
            R"({"action": "terminate", "time": "2026-02-03T00:01:05Z"})");
  EXPECT_EQ(with(events, "spot/termination-time"), "2026-02-03T00:01:05Z");
}

TEST(InstanceEvents, InstanceThatComesBackHasNoTerminationTime) {
  EXPECT_EQ(with(spot(SpotInterruption::Action::stop), "spot/instance-action"),
            R"({"action": "stop", "time": "2026-02-03T00:01:05Z"})");
  EXPECT_EQ(with(spot(SpotInterruption::Action::stop), "spot/termination-time"), "(absent)");
  EXPECT_EQ(with(spot(SpotInterruption::Action::hibernate), "spot"), "instance-action");
}

TEST(InstanceEvents, DatedVersionsShowNoneThatIsYounger) {
  const auto events = spot(SpotInterruption::Action::terminate);
  EXPECT_EQ(with(events, "spot", "2014-02-25"), "(absent)");
  EXPECT_EQ(with(events, "spot", "2015-10-20"), "termination-time");
  EXPECT_EQ(with(events, "spot", "2018-03-28"), "instance-action\ntermination-time");
}

TEST(InstanceEvents, RebalanceRecommendationHasItsNoticeTime) {
  InstanceEvents events;
  events.rebalance = kNow;
  EXPECT_EQ(with(events, "events"), "maintenance/\nrecommendations/");
  EXPECT_EQ(with(events, "events/recommendations/rebalance"),
            R"({"noticeTime": "2026-02-03T00:01:05Z"})");
  EXPECT_EQ(with(events, "events/recommendations/rebalance", "2019-10-01"), "(absent)");
}

TEST(InstanceEvents, ActiveMaintenanceIsScheduled) {
  InstanceEvents events;
  events.maintenance = {reboot(MaintenanceEvent::State::active)};
  EXPECT_EQ(with(events, "events/maintenance/scheduled"),
            "[\n"
            "  {\n"
            "    \"NotBefore\" : \"3 Feb 2026 00:01:05 GMT\",\n"
            "    \"Code\" : \"system-reboot\",\n"
            "    \"Description\" : \"scheduled reboot\",\n"
            "    \"EventId\" : \"instance-event-0d59937288b749b32\",\n"
            "    \"NotAfter\" : \"23 Feb 2026 00:01:05 GMT\",\n"
            "    \"State\" : \"active\"\n"
            "  }\n"
            "]");
  EXPECT_EQ(with(events, "events/maintenance/history"), "[]");
}

TEST(InstanceEvents, EndedMaintenanceIsHistoryWithItsPrefix) {
  InstanceEvents events;
  events.maintenance = {reboot(MaintenanceEvent::State::canceled),
                        reboot(MaintenanceEvent::State::completed)};
  events.maintenance[1].not_before_deadline = kNow;
  EXPECT_EQ(with(events, "events/maintenance/scheduled"), "[]");
  EXPECT_EQ(with(events, "events/maintenance/history"),
            "[\n"
            "  {\n"
            "    \"NotBefore\" : \"3 Feb 2026 00:01:05 GMT\",\n"
            "    \"Code\" : \"system-reboot\",\n"
            "    \"Description\" : \"[Canceled] scheduled reboot\",\n"
            "    \"EventId\" : \"instance-event-0d59937288b749b32\",\n"
            "    \"NotAfter\" : \"23 Feb 2026 00:01:05 GMT\",\n"
            "    \"State\" : \"canceled\"\n"
            "  },\n"
            "  {\n"
            "    \"NotBefore\" : \"3 Feb 2026 00:01:05 GMT\",\n"
            "    \"Code\" : \"system-reboot\",\n"
            "    \"Description\" : \"[Completed] scheduled reboot\",\n"
            "    \"EventId\" : \"instance-event-0d59937288b749b32\",\n"
            "    \"NotAfter\" : \"23 Feb 2026 00:01:05 GMT\",\n"
            "    \"NotBeforeDeadline\" : \"3 Feb 2026 00:01:05 GMT\",\n"
            "    \"State\" : \"completed\"\n"
            "  }\n"
            "]");
}

TEST(InstanceEvents, StatesComeInPlaceOfTheDescriptions) {
  InstanceEvents events;
  events.target_lifecycle_state = "Terminated";
  events.instance_action = "shutdown";
  EXPECT_EQ(with(events, "autoscaling/target-lifecycle-state"), "Terminated");
  EXPECT_EQ(with(events, "instance-action"), "shutdown");
}

}  // namespace
}  // namespace imdsd::imds
