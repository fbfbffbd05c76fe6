// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "base/random.h"
#include "daemon/mock_plan.h"
#include "imds/event_order.h"
#include "imds/events.h"

namespace imdsd::daemon {
namespace {

using std::chrono::milliseconds;

/// As far ahead as a scenario goes.
constexpr std::chrono::days kLongestWait{3650};

/// When something shows: at a time, else so many seconds from the start.
milliseconds from_start(const MockSettings& settings, base::SystemTime start,
                        std::string_view trigger_key, std::string_view delay_key) {
  const auto trigger = settings.time(trigger_key);
  const auto wait = trigger ? std::chrono::floor<milliseconds>(*trigger - start)
                            : std::chrono::seconds(settings.number(delay_key));
  return std::clamp<milliseconds>(wait, milliseconds(0), kLongestWait);
}

std::string text_of(milliseconds duration) {
  return base::format_duration(
      std::clamp<milliseconds>(duration, milliseconds(0), base::kMaxDuration));
}

class Writer {
 public:
  void begin(std::string_view kind, milliseconds at) {
    out_ += "[[event]]\n";
    text("at", base::format_duration(at));
    text("kind", kind);
  }
  void text(std::string_view field, std::string_view value) {
    out_.append(field).append(" = ").append(toml_quoted(value)).append("\n");
  }
  /// What the events show, as values: their times are the user's, and may be past.
  void set(const imds::InstanceEvents& events, milliseconds at) {
    std::vector<imds::MetadataRow> rows;
    imds::apply_events(events, rows);
    for (const auto& row : rows) {
      constexpr std::string_view kAbove = "meta-data/";
      begin("set", at);
      text("path", std::string_view(row.path).substr(kAbove.size()));
      text("value", row.value);
    }
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_spot(Writer& writer, const MockSettings& settings, milliseconds shown) {
  const auto& action = settings.text("spot.action");
  const auto time = settings.time("spot.time");
  if (!time) {
    writer.begin("spot", shown);
    writer.text("action", action);
    writer.text("in", "2m");  // for hibernation, too, as the reference has it
    return;
  }
  using Action = imds::SpotInterruption::Action;
  imds::InstanceEvents events;
  events.spot.emplace();
  events.spot->time = *time;
  for (const auto each : {Action::terminate, Action::stop, Action::hibernate}) {
    if (to_string(each) == action) events.spot->action = each;
  }
  writer.set(events, shown);
}

void write_rebalance(Writer& writer, const MockSettings& settings, milliseconds shown) {
  const auto time = settings.time("spot.rebalance-rec-time");
  if (!time) return writer.begin("rebalance", shown);
  imds::InstanceEvents events;
  events.rebalance = time;
  writer.set(events, shown);
}

/// An event that begins when it shows, unless the user has another time for it.
void write_maintenance(Writer& writer, const MockSettings& settings, base::SystemTime start,
                       milliseconds shown) {
  constexpr std::chrono::days kLength{7}, kDeadline{9};
  const auto not_before = settings.time("events.not-before");
  const auto begin = not_before.value_or(start + shown);
  const auto not_after = settings.time("events.not-after").value_or(begin + kLength);
  const auto deadline = settings.time("events.not-before-deadline").value_or(begin + kDeadline);
  const auto between = [](base::SystemTime from, base::SystemTime to) {
    return text_of(std::chrono::floor<milliseconds>(to - from));
  };
  const imds::EventFields fields{{"kind", "maintenance"},
                                 {"code", settings.text("events.code")},
                                 {"state", settings.text("events.state")},
                                 {"id", settings.text("metadata.values.event-id")},
                                 {"in", "0s"},
                                 {"for", between(begin, not_after)},
                                 {"deadline", between(begin, deadline)}};
  if (!not_before) {
    writer.begin("maintenance", shown);
    for (const auto& [field, value] : fields) {
      if (field != "kind") writer.text(field, value);
    }
    return;
  }
  // Carried out at that time, so to speak.
  base::RealRandom random;  // of what has no id of its own
  imds::InstanceEvents events;
  const auto order = imds::parse_event_order(fields);
  if (order && imds::carry_out(*order, events, begin, random)) writer.set(events, shown);
}

}  // namespace

std::string mock_scenario(const MockSettings& settings, base::SystemTime start) {
  Writer writer;
  const auto has = [&](std::string_view command) {
    return settings.command().empty() || settings.command() == command;
  };
  const auto shown = from_start(settings, start, "mock-trigger-time", "mock-delay-sec");
  if (has("spot")) {
    write_spot(writer, settings, shown);
    write_rebalance(writer, settings,
                    from_start(settings, start, "rebalance-trigger-time", "rebalance-delay-sec"));
  }
  if (has("events")) write_maintenance(writer, settings, start, shown);
  if (has("asglifecycle")) {
    const auto end =
        from_start(settings, start, "asg-termination-trigger-time", "asg-termination-delay-sec");
    const auto write = [&](milliseconds at, std::string_view state) {
      writer.begin("asg", at);
      writer.text("state", state);
    };
    write(milliseconds(0), "InService");
    write(end, "Terminated");
  }
  return writer.take();
}

}  // namespace imdsd::daemon
