// SPDX-License-Identifier: MIT
#include "imds/events.h"

#include <algorithm>
#include <utility>

#include "aws/time_format.h"
#include "base/http_date.h"
#include "imds/ec2_json.h"

namespace imdsd::imds {
namespace {

using State = MaintenanceEvent::State;

/// "21 Jan 2019 09:00:43 GMT": an HTTP date without its weekday and the zero before a day.
std::string maintenance_time(base::SystemTime time) {
  std::string text = base::format_http_date(time).substr(5);
  if (text.starts_with('0')) text.erase(0, 1);
  return text;
}

std::string_view description_prefix(State state) {
  switch (state) {
    case State::active:
      return "";
    case State::completed:
      return "[Completed] ";
    case State::canceled:
      return "[Canceled] ";
  }
  return "";
}

/// In the order of the members that EC2's documentation shows, two columns further in.
std::string maintenance_json(const MaintenanceEvent& event) {
  Ec2Json json;
  json.text("NotBefore", maintenance_time(event.not_before))
      .text("Code", event.code)
      .text("Description", std::string(description_prefix(event.state)) + event.description)
      .text("EventId", event.id)
      .text("NotAfter", maintenance_time(event.not_after));
  if (event.not_before_deadline) {
    json.text("NotBeforeDeadline", maintenance_time(*event.not_before_deadline));
  }
  std::string out = "  ";
  for (const char c : json.text("State", to_string(event.state)).take()) {
    out.push_back(c);
    if (c == '\n') out += "  ";
  }
  return out;
}

std::string maintenance_list(const std::vector<MaintenanceEvent>& events, bool active) {
  std::string out;
  for (const MaintenanceEvent& event : events) {
    if ((event.state == State::active) != active) continue;
    out += (out.empty() ? "\n" : ",\n") + maintenance_json(event);
  }
  return out.empty() ? "[]" : "[" + out + "\n]";
}

void put(std::vector<MetadataRow>& rows, std::string_view path, std::string value,
         std::string_view since) {
  std::string full = "meta-data/" + std::string(path);
  std::erase_if(rows, [&full](const MetadataRow& row) { return row.path == full; });
  rows.push_back({.path = std::move(full), .value = std::move(value), .since = since});
}

void put_spot(const SpotInterruption& spot, std::vector<MetadataRow>& rows) {
  const std::string time = aws::format_iso8601(spot.time);
  put(rows, kSpotActionPath,
      R"({"action": ")" + std::string(to_string(spot.action)) + R"(", "time": ")" + time + "\"}",
      "2016-11-15");
  // Only of an instance that ends: one that is stopped comes back.
  if (spot.action == SpotInterruption::Action::terminate) {
    put(rows, kSpotTimePath, time, "2014-11-05");
  }
}

}  // namespace

std::string_view to_string(SpotInterruption::Action action) noexcept {
  switch (action) {
    case SpotInterruption::Action::terminate:
      return "terminate";
    case SpotInterruption::Action::stop:
      return "stop";
    case SpotInterruption::Action::hibernate:
      return "hibernate";
  }
  return "";
}

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::active:
      return "active";
    case State::completed:
      return "completed";
    case State::canceled:
      return "canceled";
  }
  return "";
}

void apply_events(const InstanceEvents& events, std::vector<MetadataRow>& rows) {
  if (events.spot) put_spot(*events.spot, rows);
  if (events.rebalance) {
    put(rows, kRebalancePath,
        R"({"noticeTime": ")" + aws::format_iso8601(*events.rebalance) + "\"}", "2020-10-27");
  }
  if (!events.maintenance.empty()) {
    put(rows, kScheduledPath, maintenance_list(events.maintenance, true), "2018-08-17");
    put(rows, kHistoryPath, maintenance_list(events.maintenance, false), "2018-08-17");
  }
  if (!events.target_lifecycle_state.empty()) {
    put(rows, kLifecycleStatePath, events.target_lifecycle_state, "2021-07-15");
  }
  if (!events.instance_action.empty()) {
    put(rows, kInstanceActionPath, events.instance_action, "2008-09-01");
  }
}

}  // namespace imdsd::imds
