// SPDX-License-Identifier: MIT
#include "cli/events.h"

#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

/// "METHOD target body", or what was wrong.
std::string call(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  if (!line) return "line: " + line.error().message;
  const auto made = event_call(*line);
  if (!made) return made.error().message;
  return made->method + " " + made->target + (made->body.empty() ? "" : " " + made->body);
}

TEST(EventCall, NamesKindAndFields) {
  EXPECT_EQ(call({"event", "spot", "--action", "terminate", "--in=2m"}),
            "POST /v1/events?kind=spot&action=terminate&in=2m");
  EXPECT_EQ(call({"event", "maintenance", "--code", "system-reboot", "--state", "canceled",
                  "--description", "a & b", "--for", "1h", "--id", "e", "--deadline", "7d"}),
            "POST /v1/events?kind=maintenance&code=system-reboot&state=canceled"
            "&description=a%20%26%20b&for=1h&id=e&deadline=7d");
  EXPECT_EQ(call({"event", "rebalance", "--instance", "web 1", "--json"}),
            "POST /v1/events?instance=web%201&kind=rebalance");
  EXPECT_EQ(call({"event", "list"}), "GET /v1/events");
  EXPECT_EQ(call({"event", "clear"}), "POST /v1/events?kind=clear");
  EXPECT_EQ(call({"event", "clear", "spot"}), "POST /v1/events?kind=clear&what=spot");
  EXPECT_EQ(call({"event", "clear", "scenario", "--instance", "a"}),
            "DELETE /v1/scenario?instance=a");
}

TEST(EventCall, SetsAndUnsetsPaths) {
  EXPECT_EQ(call({"set", "placement/availability-zone", "us-east-1b"}),
            "PUT /v1/metadata?path=placement%2Favailability-zone us-east-1b");
  EXPECT_EQ(call({"set", "a", "", "--keep"}), "PUT /v1/metadata?path=a&keep=true");
  EXPECT_EQ(call({"set", "a", "--absent"}), "PUT /v1/metadata?path=a&absent=true");
  EXPECT_EQ(call({"unset", "a", "--instance", "web"}), "DELETE /v1/metadata?instance=web&path=a");
  EXPECT_EQ(call({"unset"}), "DELETE /v1/metadata");
}

TEST(EventCall, SendsTheFileOfAScenario) {
  const std::string path = testing::TempDir() + "imdsctl-scenario.toml";
  std::ofstream(path) << "[[event]]\n";
  EXPECT_TRUE(call({"event", "play", path}).ends_with("imdsctl-scenario.toml [[event]]\n"));
  std::remove(path.c_str());
  EXPECT_EQ(call({"event", "play", path}), "cannot read `" + path + "`: No such file or directory");
  EXPECT_EQ(call({"event", "play", testing::TempDir()}),
            "cannot read `" + testing::TempDir() + "`: Is a directory");
}

TEST(EventCall, RefusesWhatMakesNoSense) {
  EXPECT_EQ(call({"event"}),
            "`event` needs one of spot, rebalance, maintenance, asg or instance-action, or list, "
            "clear or play");
  EXPECT_EQ(call({"event", "play"}), "`event play` needs the file of a scenario");
  EXPECT_EQ(call({"event", "spot", "stop"}), "unexpected argument `stop`");
  EXPECT_EQ(call({"event", "clear", "--in", "2m"}), "`--in` is no flag of this command");
  EXPECT_EQ(call({"event", "list", "--action", "stop"}), "`--action` is no flag of this command");
  EXPECT_EQ(call({"event", "spot", "--keep"}), "`--keep` is no flag of this command");
  EXPECT_EQ(call({"event", "spot", "--action"}), "`--action` needs a value");
  EXPECT_EQ(call({"set", "a"}), "`set` needs a path and a value, or `--absent`");
  EXPECT_EQ(call({"set", "a", "b", "--absent"}), "unexpected argument `b`");
  EXPECT_EQ(call({"unset", "a", "b"}), "unexpected argument `b`");
  EXPECT_EQ(call({"unset", "a", "--keep"}), "`--keep` is no flag of this command");
  EXPECT_EQ(call({"set", "a", "b", "--in", "2m"}), "`--in` is no flag of this command");
}

TEST(EventsText, ShowsWhatThereIs) {
  EXPECT_EQ(events_text(R"({"instance": "i-1", "events": {"spot": null, "rebalance": null,
      "maintenance": [], "asg": null, "instance-action": null}, "pending": [], "scenario": null,
      "changes": []})")
                .value(),
            "i-1: no events, nothing set\n");
  EXPECT_EQ(events_text(R"({"instance": "i-1", "events": {"spot": {"action": "stop", "time": "T1"},
      "rebalance": {"notice_time": "T2"}, "maintenance": [{"id": "e", "code": "system-reboot",
      "description": "d", "state": "active", "not_before": "T3", "not_after": "T4",
      "not_before_deadline": null}], "asg": {"state": "Standby"},
      "instance-action": {"action": "shutdown"}}, "pending": [{"at": "T5", "kind": "rebalance"}],
      "scenario": {"name": "s.toml", "started": "T6", "steps": 3, "taken": 1, "next": "T7",
      "problems": ["s.toml:1:1: no"]},
      "changes": [{"path": "a", "value": "b", "keep": true, "problem": null},
                  {"path": "c", "value": null, "keep": false, "problem": "no"}]})")
                .value(),
            "i-1\n"
            "  spot             stop at T1\n"
            "  rebalance        noticed at T2\n"
            "  maintenance      system-reboot active, T3 to T4, e\n"
            "  asg              Standby\n"
            "  instance-action  shutdown\n"
            "  pending          rebalance at T5\n"
            "  scenario         s.toml, 1 of 3 events, the next at T7\n"
            "                   s.toml:1:1: no\n"
            "  set              a = b (kept)\n"
            "  set              c absent, not shown: no\n");
  EXPECT_FALSE(events_text("{}"));
}

}  // namespace
}  // namespace imdsd::cli
