// SPDX-License-Identifier: MIT
#include "daemon/admin_faults.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "imds/fault_scenarios.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

using Json = nlohmann::json;

class AdminFaultsTest : public testing::Test {
 protected:
  AdminFaultsTest() {
    const auto config = std::make_shared<InstanceConfig>();
    config->description.availability_zone = "us-east-1a";
    config->description.overrides = {{"my/own", "1"}};
    runtime_->describe({}, instance_tree(config, nullptr, clock_.now()), std::nullopt);
  }
  [[nodiscard]] base::HttpResponse send(const char* method, std::string target,
                                        std::string form = {}) const {
    const auto request =
        fakes::HttpRequestBuilder(method, std::move(target)).body(std::move(form)).build();
    for (const auto& route : routes_) {
      if (route.method == method && route.path == request.path()) return route.answer(request);
    }
    return admin_error(405, "no such route");
  }
  [[nodiscard]] Json add(std::string form) const {
    const auto response = send("POST", "/v1/faults", std::move(form));
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body);
  }
  [[nodiscard]] Json list() const { return Json::parse(send("GET", "/v1/faults").body)["faults"]; }
  [[nodiscard]] int status_of(const char* path) const {
    return runtime_->service()
        .handle(fakes::HttpRequestBuilder("GET", path).header("Host", "127.0.0.1").build())
        .status;
  }
  static std::string error(const base::HttpResponse& response) {
    return Json::parse(response.body)["error"];
  }

  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  std::shared_ptr<InstanceRuntime> runtime_ =
      std::make_shared<InstanceRuntime>("i-0a1b2c3d", clock_, random_);
  std::vector<AdminRoute> routes_ = fault_routes(
      [this](const std::string& name) -> base::Result<std::shared_ptr<InstanceRuntime>> {
        if (name.empty() || name == "web") return runtime_;
        return base::fail(base::Errc::not_found, "no instance `" + name + "`");
      },
      clock_);
};

TEST_F(AdminFaultsTest, WarnsOfNamesThatNobodyHas) {
  EXPECT_EQ(add("path=placment/*&status=503")["warning"],
            "EC2 has no `meta-data/placment`, did you mean `placement`?");
  for (const char* rule : {"path=placement/*&status=503", "path=my/own&status=503",
                           "path=spot/instance-action&status=503", "status=503",
                           "door=ecs&path=/v4/*&status=503", "scenario=imds-off"}) {
    EXPECT_EQ(add(rule)["warning"], nullptr) << rule;
  }
}

TEST_F(AdminFaultsTest, ARuleStrikesFromWhenItIsMadeUntilItIsCleared) {
  EXPECT_EQ(status_of("/latest/meta-data/mac"), 200);
  const Json made = add("path=mac&status=503&count=5&for=10s");
  EXPECT_EQ(made["id"], "1");
  EXPECT_EQ(made["rule"]["path"], "mac");
  EXPECT_EQ(status_of("/latest/meta-data/mac"), 503);
  const Json fault = list()[0];
  EXPECT_EQ(fault["hits"], 1);
  EXPECT_EQ(fault["count_left"], 4);
  EXPECT_EQ(fault["milliseconds_left"], 10'000);
  EXPECT_EQ(fault["state"], "active");
  clock_.advance(std::chrono::seconds(10));
  EXPECT_EQ(list()[0]["state"], "over");
  EXPECT_EQ(Json::parse(send("DELETE", "/v1/faults?fault=1").body)["cleared"], 1);
  EXPECT_EQ(list(), Json::array());
}

TEST_F(AdminFaultsTest, ClearsByIdByScenarioOrAll) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(add("scenario=imds-off&for=1h")["scenario"], "imds-off");
  EXPECT_EQ(add("path=mac&reset=true")["id"], "3");
  EXPECT_EQ(Json::parse(send("DELETE", "/v1/faults?fault=imds-off").body)["cleared"], 2);
  EXPECT_EQ(list().size(), 1U);
  EXPECT_EQ(Json::parse(send("DELETE", "/v1/faults?instance=web").body)["cleared"], 1);
  EXPECT_EQ(Json::parse(send("DELETE", "/v1/faults").body)["cleared"], 0);
  EXPECT_EQ(add("reset=true")["id"], "4") << "ids are never given twice";
}

TEST_F(AdminFaultsTest, RefusesWhatCannotWork) {
  EXPECT_EQ(error(send("POST", "/v1/faults", "")),
            "the rule does nothing: give it an effect, such as `status`, `latency` or `reset`");
  EXPECT_EQ(send("POST", "/v1/faults", "status=99").status, 400);
  EXPECT_EQ(send("POST", "/v1/faults", "status=%zz").status, 400);
  EXPECT_EQ(send("POST", "/v1/faults", "scenario=chaos").status, 404);
  EXPECT_EQ(send("POST", "/v1/faults?instance=db", "reset=true").status, 404);
  EXPECT_EQ(send("GET", "/v1/faults?instance=db").status, 404);
  EXPECT_EQ(send("GET", "/v1/faults?fault=1").status, 400);
  EXPECT_EQ(send("DELETE", "/v1/faults?fault=9").status, 404);
  EXPECT_EQ(send("DELETE", "/v1/faults?id=9").status, 400);
  EXPECT_EQ(list(), Json::array());
}

TEST_F(AdminFaultsTest, RulesAreBoundedAndThoseThatAreOverMakeRoom) {
  for (std::size_t i = 0; i < imds::FaultSet::kMaxRules; ++i) {
    ASSERT_EQ(
        send("POST", "/v1/faults", i == 0 ? "reset=true&for=1s" : "path=mac&reset=true").status,
        200);
  }
  const auto refused = send("POST", "/v1/faults", "status=503");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(error(refused), "the instance has 256 rules, and none of them is over: clear some");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(send("POST", "/v1/faults", "status=503").status, 200);
}

TEST_F(AdminFaultsTest, BodiesAreToldByTheirLength) {
  EXPECT_EQ(add("path=mac&body=secret")["rule"],
            Json::parse(R"({"path": "mac", "body_bytes": 6})"));
}

TEST_F(AdminFaultsTest, ListsScenarios) {
  const Json scenarios = Json::parse(send("GET", "/v1/fault-scenarios").body)["scenarios"];
  EXPECT_GE(scenarios.size(), 12U);
  EXPECT_EQ(scenarios[0]["name"], "slow-first-byte");
  EXPECT_EQ(scenarios[0]["rule"]["latency"], "1500ms");
}

/// What users read has every scenario and every flag.
TEST(FaultDocumentation, IsComplete) {
  std::ifstream file(IMDSD_SOURCE_DIR "/docs/faults.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const auto& scenario : imds::fault_scenarios()) {
    const std::string row =
        "| `" + std::string(scenario.name) + "` | " + std::string(scenario.what) + " |\n";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
  for (const std::string_view name : imds::fault_field_names()) {
    std::string flag = "--" + std::string(name == "body_base64" ? "body_file" : name);
    std::replace(flag.begin(), flag.end(), '_', '-');
    EXPECT_NE(text.find(flag), std::string::npos) << flag;
  }
}

TEST_F(AdminFaultsTest, RulesLiveOnWhenTheInstanceIsDescribedAnew) {
  [[maybe_unused]] const Json made = add("path=mac&status=503");
  const auto config = std::make_shared<InstanceConfig>();
  config->description.availability_zone = "us-east-1b";
  runtime_->describe({}, instance_tree(config, nullptr, clock_.now()), std::nullopt);
  EXPECT_EQ(status_of("/latest/meta-data/mac"), 503);
}

TEST_F(AdminFaultsTest, DeclaredRulesAreReplacedAndTheOthersStay) {
  const auto rule = [](const char* path) {
    return imds::FaultRule::parse({{"path", path}, {"status", "503"}}).value();
  };
  runtime_->declare_faults({rule("mac"), rule("hostname")});
  [[maybe_unused]] const Json made = add("path=ami-id&status=503");
  EXPECT_EQ(status_of("/latest/meta-data/mac"), 503);
  runtime_->declare_faults({rule("instance-type"), rule("mac")});
  EXPECT_EQ(status_of("/latest/meta-data/hostname"), 200);
  EXPECT_EQ(status_of("/latest/meta-data/ami-id"), 503);
  const Json faults = list();
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0]["id"], "4");
  EXPECT_EQ(faults[1]["id"], "1");
  EXPECT_EQ(faults[1]["hits"], 1) << "the one that stayed";
  EXPECT_EQ(faults[1]["scenario"], "config");
  EXPECT_EQ(faults[2]["id"], "3");
  EXPECT_EQ(Json::parse(send("DELETE", "/v1/faults?fault=config").body)["cleared"], 2);
  runtime_->declare_faults({});
  EXPECT_EQ(list().size(), 1U);
}

TEST_F(AdminFaultsTest, ARuleDoesNotShowAnInstanceBetweenTwoRoles) {
  const auto config = std::make_shared<InstanceConfig>();
  config->description.availability_zone = "us-east-1a";
  config->description.type = "t3.large";
  InstanceProfileView view{"p", "arn:p", "AIPA", sts_client::InstanceRole{"i-1", "arn", "1", "r"},
                           ""};
  runtime_->describe({}, instance_tree(config, nullptr, clock_.now()), view);
  [[maybe_unused]] const Json made = add("path=mac&status=503");
  const auto response =
      runtime_->service().handle(fakes::HttpRequestBuilder("GET", "/latest/meta-data/instance-type")
                                     .header("Host", "127.0.0.1")
                                     .build());
  EXPECT_EQ(response.body, "t3.micro");
}

}  // namespace
}  // namespace imdsd::daemon
