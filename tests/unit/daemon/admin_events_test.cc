// SPDX-License-Identifier: MIT
// Events and changes from the admin socket's routes to what requests see, on a core without ports.
#include "daemon/admin_events.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config_fixture.h"
#include "daemon/files.h"
#include "temp_dir.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EventRoutesTest : public testing::Test {
 protected:
  EventRoutesTest() { restart(); }

  /// Empty, or the problems of its configuration.
  std::string restart(const std::string& text = "") {
    player_.reset();
    core_.reset();
    auto state = StateDir::open(temp_.path()).value();
    auto ring = load_key_ring(state, random_, clock_.now()).value();
    auto iam = open_iam(state).value();
    core_ =
        std::make_unique<Core>(clock_, random_, std::move(state), std::move(ring), std::move(iam));
    player_ = std::make_unique<EventPlayer>(
        clock_,
        [this](const std::string& id, const LiveStep& step) { return core_->take_step(id, step); });
    routes_ = event_routes(*core_, *player_);
    return apply(text);
  }
  std::string apply(const std::string& text) {
    const auto applied = core_->apply(TestConfig{text}.config());
    return applied ? "" : TestConfig::lines(applied.error());
  }
  /// The answer; of an error, its text.
  json ask(const std::string& method, const std::string& target, const std::string& body = "") {
    const auto request = fakes::HttpRequestBuilder(method, target).body(body).build();
    for (const auto& route : routes_) {
      if (route.method != method || route.path != request.path()) continue;
      const auto response = route.answer(request);
      const auto answer = json::parse(response.body);
      if (response.status == 200) return answer;
      return std::to_string(response.status) + " " + answer.at("error").get<std::string>();
    }
    return "no route";
  }
  [[nodiscard]] std::string get(const std::string& path) const {
    const auto response = response_of(path);
    return response.status == 200 ? response.body : std::to_string(response.status);
  }
  [[nodiscard]] base::HttpResponse response_of(const std::string& path) const {
    return core_->handle_imds(fakes::HttpRequestBuilder("GET", "/latest/meta-data/" + path)
                                  .header("Host", "127.0.0.1")
                                  .from("127.0.0.1:5000")
                                  .build());
  }

  TempDir temp_;
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<EventPlayer> player_;
  std::vector<AdminRoute> routes_;
};

TEST_F(EventRoutesTest, EventIsThereForTheNextRequestAndDatesTheTree) {
  EXPECT_EQ(get("spot/instance-action"), "404");
  const auto earlier = response_of("instance-id");
  const auto before = earlier.headers.get("Last-Modified");
  clock_.advance(1h);
  const auto answer = ask("POST", "/v1/events?kind=spot&action=terminate&in=90s");
  EXPECT_EQ(answer["instance"], "i-0a1b2c3d4e5f60718");
  EXPECT_EQ(answer["events"]["spot"]["time"], "2026-01-01T01:01:30Z");
  EXPECT_EQ(get("spot/instance-action"),
            R"({"action": "terminate", "time": "2026-01-01T01:01:30Z"})");
  EXPECT_EQ(get("spot/termination-time"), "2026-01-01T01:01:30Z");
  EXPECT_NE(response_of("instance-id").headers.get("Last-Modified"), before);
  clock_.advance(1h);
  EXPECT_EQ(get("spot/termination-time"), "2026-01-01T01:01:30Z") << "fixed when triggered";
  EXPECT_EQ(ask("POST", "/v1/events?kind=clear&what=spot")["events"]["spot"], json());
  EXPECT_EQ(get("spot"), "404");
}

TEST_F(EventRoutesTest, AnswerTellsAllThatLivesOnTheInstance) {
  ask("POST", "/v1/events?kind=maintenance&code=system-reboot&id=e1&description=a%20b");
  ask("POST", "/v1/events?kind=asg&state=Terminated");
  ask("POST", "/v1/events?kind=instance-action&action=shutdown");
  ask("POST", "/v1/events?kind=rebalance&in=30s");
  ask("PUT", "/v1/metadata?path=instance-type&keep=true", "m5.large");
  const auto answer = ask("GET", "/v1/events?instance=i-0a1b2c3d4e5f60718");
  EXPECT_EQ(answer.dump(), json::parse(R"({
    "instance": "i-0a1b2c3d4e5f60718",
    "events": {
      "spot": null,
      "rebalance": null,
      "maintenance": [{
        "id": "e1", "code": "system-reboot", "description": "a b", "state": "active",
        "not_before": "2026-01-01T01:00:00Z", "not_after": "2026-01-01T03:00:00Z",
        "not_before_deadline": null}],
      "asg": {"state": "Terminated"},
      "instance-action": {"action": "shutdown"}
    },
    "pending": [{"at": "2026-01-01T00:00:30Z", "kind": "rebalance"}],
    "scenario": null,
    "changes": [{"path": "instance-type", "value": "m5.large", "keep": true, "problem": null}]
  })")
                               .dump());
  const auto cleared = ask("POST", "/v1/events?kind=clear");
  EXPECT_TRUE(cleared["pending"].empty());
  EXPECT_TRUE(cleared["events"]["maintenance"].empty());
  EXPECT_EQ(cleared["changes"].size(), 1U) << "what was set is no event";
}

TEST_F(EventRoutesTest, MistakesAreRefusedWithTheirReason) {
  EXPECT_EQ(ask("GET", "/v1/events?instance=web"), "404 there is no instance `web`");
  EXPECT_EQ(ask("GET", "/v1/events?kind=spot"), "400 there is no parameter `kind`");
  EXPECT_EQ(ask("POST", "/v1/events?kind=spot&kind=spot"), "400 `kind` is there twice");
  EXPECT_EQ(ask("POST", "/v1/events?kind=spot&action=kill"),
            "400 action: must be `terminate`, `stop` or `hibernate` (got `kill`)");
  EXPECT_EQ(ask("POST", "/v1/events?kind=maintenance&id=x&state=completed"),
            "404 there is no maintenance event `x`");
  EXPECT_EQ(ask("PUT", "/v1/metadata", "x"),
            "400 metadata path is missing, such as `placement/availability-zone`");
  EXPECT_EQ(ask("PUT", "/v1/metadata?path=a&keep=yes", "x"), "400 `keep` must be true or false");
  EXPECT_EQ(ask("PUT", "/v1/metadata?path=a&absent=true", "x"),
            "400 `absent` cannot be combined with a value");
  EXPECT_EQ(ask("PUT", "/v1/metadata?path=a&b=c", "x"), "400 there is no parameter `b`");
  EXPECT_EQ(ask("DELETE", "/v1/metadata?path=a"), "404 metadata `a` was not set");
  EXPECT_EQ(ask("DELETE", "/v1/scenario"), "404 no scenario is being played");
}

TEST_F(EventRoutesTest, ReloadKeepsEventsAndChanges) {
  ask("POST", "/v1/events?kind=asg&state=Standby");
  ask("PUT", "/v1/metadata?path=placement/availability-zone", "us-east-1c");
  ASSERT_EQ(apply("[[instance]]\ntype = \"m5.large\"\n"), "");
  EXPECT_EQ(get("instance-type"), "m5.large");
  EXPECT_EQ(get("autoscaling/target-lifecycle-state"), "Standby");
  EXPECT_EQ(get("placement/availability-zone-id"), "use1-az3");
  ASSERT_EQ(apply("[aws]\nregion = \"eu-west-1\"\n"), "");
  EXPECT_EQ(get("autoscaling/target-lifecycle-state"), "Standby");
  EXPECT_EQ(get("placement/availability-zone"), "eu-west-1a");
  const auto change = ask("GET", "/v1/events")["changes"][0];
  EXPECT_NE(change["problem"].get<std::string>().find("must be a zone of aws.region"),
            std::string::npos);
  ASSERT_EQ(apply(""), "");
  EXPECT_EQ(get("placement/availability-zone"), "us-east-1c") << "it fits again";
}

TEST_F(EventRoutesTest, KeptChangesSurviveARestartAndEventsDoNot) {
  ask("PUT", "/v1/metadata?path=instance-type&keep=true", "m5.large");
  ask("PUT", "/v1/metadata?path=instance-life-cycle", "spot");
  ask("POST", "/v1/events?kind=asg&state=Standby");
  ASSERT_EQ(restart(), "");
  EXPECT_EQ(get("instance-type"), "m5.large");
  EXPECT_EQ(get("instance-life-cycle"), "on-demand");
  EXPECT_EQ(get("autoscaling"), "404");
  ask("DELETE", "/v1/metadata?path=instance-type");
  ASSERT_EQ(restart(), "");
  EXPECT_EQ(get("instance-type"), "t3.micro");
}

TEST_F(EventRoutesTest, ChangeThatCannotBeKeptIsNotMade) {
  std::filesystem::create_directory(temp_ / StateDir::kMetadataChanges);
  const auto answer = ask("PUT", "/v1/metadata?path=instance-type&keep=true", "m5.large");
  EXPECT_TRUE(answer.get<std::string>().starts_with("502 cannot replace `")) << answer;
  EXPECT_EQ(get("instance-type"), "t3.micro");
}

TEST_F(EventRoutesTest, DamagedFileOfKeptChangesIsAProblemAtStart) {
  ASSERT_TRUE(write_file_atomically(temp_ / StateDir::kMetadataChanges, "damaged"));
  EXPECT_NE(restart().find("metadata-changes.json`: it is not what imdsd writes"),
            std::string::npos);
}

TEST_F(EventRoutesTest, ScenarioIsPlayedFromItsFirstStep) {
  const auto playing = ask("POST", "/v1/scenario?name=s.toml",
                           "[[event]]\nkind = \"rebalance\"\n"
                           "[[event]]\nat = \"10s\"\nkind = \"spot\"\naction = \"stop\"\n");
  EXPECT_EQ(playing["scenario"]["name"], "s.toml");
  EXPECT_EQ(playing["scenario"]["taken"], 1);
  EXPECT_EQ(playing["scenario"]["next"], "2026-01-01T00:00:10Z");
  EXPECT_EQ(get("events/recommendations/rebalance"), R"({"noticeTime": "2026-01-01T00:00:00Z"})");
  EXPECT_EQ(ask("DELETE", "/v1/scenario")["scenario"], json());
  EXPECT_NE(get("events/recommendations/rebalance"), "404") << "what happened, happened";
}

TEST_F(EventRoutesTest, ScenarioWithAMistakeIsRefusedAsAWhole) {
  EXPECT_EQ(ask("POST", "/v1/scenario?name=s.toml",
                "[[event]]\nkind = \"rebalance\"\n[[event]]\nkind = \"spot\"\n"),
            "400 s.toml:3:1: action: is required: `terminate`, `stop` or `hibernate`");
  EXPECT_EQ(ask("POST", "/v1/scenario?name=s.toml",
                "[[event]]\nkind = \"rebalance\"\n"
                "[[event]]\nkind = \"set\"\npath = \"placement\"\nvalue = \"x\"\n"),
            "400 s.toml:3:1: metadata `placement` is a directory: name what is in it");
  EXPECT_EQ(get("events/recommendations/rebalance"), "404");
}

}  // namespace
}  // namespace imdsd::daemon
