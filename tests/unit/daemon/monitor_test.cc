// SPDX-License-Identifier: MIT
#include "daemon/monitor.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::daemon {
namespace {

using nlohmann::json;
using State = InstanceStatus::State;
constexpr auto kNow = fakes::ManualClock::kStart;

InstanceStatus instance(std::string id, State state) {
  InstanceStatus out;
  out.id = std::move(id);
  out.state = state;
  if (state != State::none) out.role = "app-role";
  if (state == State::failed) out.error = "the role does not trust EC2";
  return out;
}

struct Sources {
  StatusReport report;
  bool responds = true;

  Monitor monitor() {
    return Monitor({[this] {
                      return MetricsReport{report, {}, {}};
                    },
                    [this] { return report; }, [this] { return responds; }});
  }
};

base::HttpRequest request(std::string method, std::string target,
                          std::string host = "127.0.0.1:9100") {
  return fakes::HttpRequestBuilder(std::move(method), std::move(target))
      .header("Host", std::move(host))
      .build();
}

base::HttpResponse on_socket(const Monitor& monitor, std::string_view path) {
  for (const auto& route : monitor.routes()) {
    if (route.path == path) return route.answer(request("GET", std::string(path)));
  }
  ADD_FAILURE() << path;
  return {};
}

TEST(Monitor, ReadinessNamesTheInstancesThatAreNot) {
  Sources sources;
  sources.report.instances = {instance("i-1", State::valid), instance("i-2", State::failed),
                              instance("i-3", State::expired), instance("i-4", State::none)};
  const auto monitor = sources.monitor();
  const auto answer = on_socket(monitor, "/readyz");
  EXPECT_EQ(answer.status, 503);
  const auto body = json::parse(answer.body);
  EXPECT_EQ(body["status"], "not ready");
  EXPECT_EQ(body["instances"], 4);
  EXPECT_EQ(body["without_credentials"], 2);
  EXPECT_EQ(body["not_ready"][0]["id"], "i-2");
  EXPECT_EQ(body["not_ready"][0]["error"], "the role does not trust EC2");
  EXPECT_EQ(body["not_ready"][1]["state"], "expired");
  sources.report.instances = {instance("i-1", State::valid), instance("i-4", State::none)};
  EXPECT_EQ(on_socket(monitor, "/readyz").status, 200);
}

TEST(Monitor, ReadinessListsAHundredAtMost) {
  Sources sources;
  for (int i = 0; i < 1000; ++i) {
    sources.report.instances.push_back(instance("i-" + std::to_string(i), State::failed));
  }
  const auto body = json::parse(on_socket(sources.monitor(), "/readyz").body);
  EXPECT_EQ(body["without_credentials"], 1000);
  EXPECT_EQ(body["not_ready"].size(), 100U);
}

TEST(Monitor, HealthIsThatOfTheEventThreads) {
  Sources sources;
  const auto monitor = sources.monitor();
  EXPECT_EQ(on_socket(monitor, "/healthz").status, 200);
  sources.responds = false;
  EXPECT_EQ(on_socket(monitor, "/healthz").status, 503);
  EXPECT_EQ(monitor.handle(request("GET", "/healthz")).status, 503);
}

TEST(Monitor, OverTcpThereAreNoDetails) {
  Sources sources;
  sources.report.instances = {instance("i-2", State::failed)};
  const auto monitor = sources.monitor();
  EXPECT_EQ(monitor.handle(request("GET", "/readyz")).body, "{\"status\":\"not ready\"}\n");
  EXPECT_EQ(monitor.handle(request("GET", "/healthz")).body, "{\"status\":\"ok\"}\n");
}

TEST(Monitor, OverTcpThereIsNothingElse) {
  Sources sources;
  const auto monitor = sources.monitor();
  for (const char* path : {"/", "/v1/status", "/v1/rotate", "/v1/token", "/latest/meta-data/",
                           "/metrics/", "/healthz/x", "//metrics", "/%6Detrics"}) {
    EXPECT_EQ(monitor.handle(request("GET", path)).status, 404) << path;
    EXPECT_EQ(monitor.handle(request("POST", path)).status, 404) << path;
  }
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(monitor.handle(request(method, "/metrics")).status, 405) << method;
  }
  EXPECT_EQ(monitor.handle(request("GET", "/metrics?x=y")).status, 200);
}

TEST(Monitor, OverTcpTheHostIsLookedAt) {
  Sources sources;
  auto monitor = sources.monitor();
  EXPECT_EQ(monitor.handle(request("GET", "/metrics", "rebound.example")).status, 403);
  EXPECT_EQ(monitor.handle(request("GET", "/metrics", "localhost:9100")).status, 200);
  monitor.allow_hosts({"imdsd.internal"});
  EXPECT_EQ(monitor.handle(request("GET", "/metrics", "imdsd.internal:9100")).status, 200);
  EXPECT_EQ(monitor.handle(request("GET", "/metrics", "rebound.example")).status, 403);
}

TEST(Monitor, MetricsComeInTheFormatThatIsAskedFor) {
  Sources sources;
  sources.report.other_counters = std::make_shared<imds::RequestCounters>();
  const auto monitor = sources.monitor();
  auto scrape = request("GET", "/metrics");
  EXPECT_EQ(monitor.handle(scrape).headers.get("Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8");
  scrape.headers.add("Accept", "application/openmetrics-text; version=1.0.0");
  const auto answer = monitor.handle(scrape);
  EXPECT_EQ(answer.headers.get("Content-Type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_TRUE(answer.body.ends_with("# EOF\n"));
}

TEST(Metrics, AnInstanceHasSeriesOfItsOwnOrIsOneOfTheOthers) {
  StatusReport report;
  report.other_counters = std::make_shared<imds::RequestCounters>();
  for (int i = 1; i <= 3; ++i) {
    auto each = instance("i-" + std::to_string(i), State::valid);
    each.rotations = static_cast<std::uint64_t>(i);
    each.expiration = kNow + std::chrono::hours(i);
    each.next_rotation = each.expiration;
    each.issued = kNow;
    report.instances.push_back(std::move(each));
  }
  auto own = std::make_shared<imds::RequestCounters>();
  own->count(imds::PathFamily::iam, 200);
  own->count(imds::RequestCounters::Token::none);
  report.instances[0].counters = own;
  const auto text = metrics_text({report, {}, {}}, MetricsFormat::prometheus);
  for (const char* line : {
           "imdsd_metadata_requests_total{instance_id=\"i-1\",path=\"meta-data/iam\","
           "status=\"200\"} 1\n",
           "imdsd_metadata_no_token_total{instance_id=\"i-1\"} 1\n",
           "imdsd_metadata_no_token_total{instance_id=\"others\"} 0\n",
           "imdsd_instances{state=\"valid\"} 3\n",
           "imdsd_credential_rotations_total{instance_id=\"i-1\",role=\"app-role\","
           "outcome=\"success\"} 1\n",
           "imdsd_credential_rotations_total{instance_id=\"others\",role=\"others\","
           "outcome=\"success\"} 5\n",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("i-2"), std::string::npos);
  const auto earliest =
      std::to_string((kNow + std::chrono::hours(2)).time_since_epoch().count() / 1'000'000);
  EXPECT_NE(text.find("imdsd_credentials_expiration_timestamp_seconds{instance_id=\"others\","
                      "role=\"others\"} " +
                      earliest + "\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace imdsd::daemon
