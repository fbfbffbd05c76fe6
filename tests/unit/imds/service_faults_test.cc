// SPDX-License-Identifier: MIT
// What a request gets when rules strike it.
#include <nlohmann/json.hpp>

#include "aws/time_format.h"
#include "imds/error_page.h"
#include "imds/fault.h"
#include "imds/fault_scenarios.h"
#include "tests/unit/imds/service_fixture.h"

namespace imdsd::imds {
namespace {

using std::chrono::milliseconds;

constexpr const char* kIdPath = "/latest/meta-data/instance-id";
constexpr const char* kExpirationOfFixture = "2026-01-01T06:00:00Z";

class ServiceFaults : public ServiceFixture {
 protected:
  /// From now on, these rules and no others.
  void strike(const std::vector<FaultFields>& rules) {
    FaultSet::Faults faults;
    for (const FaultFields& fields : rules) {
      faults.push_back(std::make_shared<const Fault>("1", "", FaultRule::parse(fields).value(),
                                                     clock_.monotonic(), random_));
    }
    set_ = std::make_shared<const FaultSet>(std::move(faults));
    republish();
  }
  void play(std::string_view scenario) { strike({scenario_rule(scenario, {})->fields}); }
  void republish() {
    publish();
    auto next = *instance_->snapshot.load();
    next.faults = set_;
    instance_->snapshot.store(std::make_shared<const InstanceSnapshot>(std::move(next)));
  }
  static nlohmann::json json(const base::HttpResponse& response) {
    return nlohmann::json::parse(response.body, nullptr, false);
  }

  std::shared_ptr<const FaultSet> set_;
};

TEST_F(ServiceFaults, OtherRequestsAreAnsweredAsWithoutRules) {
  const auto before = get(kIdPath);
  strike({{{"path", "iam/*"}, {"status", "503"}, {"latency", "1s"}}});
  const auto after = get(kIdPath);
  EXPECT_EQ(after.status, 200);
  EXPECT_EQ(after.body, before.body);
  EXPECT_EQ(after.orders.delay.count(), 0);
}

TEST_F(ServiceFaults, AStatusComesWithEc2sPageAndHeaders) {
  strike({{{"path", "iam/*"}, {"status", "503"}, {"count", "2"}}});
  for (int i = 0; i < 2; ++i) {
    const auto response = get(kRolePath);
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.body, error_page(503));
    EXPECT_EQ(header(response, "Server"), "EC2ws");
    EXPECT_EQ(header(response, "Content-Type"), "text/html");
  }
  EXPECT_EQ(get(kRolePath).status, 200);
}

TEST_F(ServiceFaults, EveryFormOfAPathIsStruck) {
  strike({{{"path", "iam/info"}, {"status", "503"}}});
  for (const char* path :
       {"/latest/meta-data/iam/info", "/latest/meta-data/iam/info/", "//latest//meta-data/iam/info",
        "/2021-03-23/meta-data/iam/info", "/latest/meta-data/%69am/info"}) {
    EXPECT_EQ(get(path).status, 503) << path;
  }
}

TEST_F(ServiceFaults, ABodyTakesThePlaceOfTheOneThatWouldHaveBeen) {
  strike({{{"path", "iam/*"}, {"body", "<html>"}, {"content_type", "text/html"}}});
  const auto response = get(kRolePath);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "<html>");
  EXPECT_EQ(header(response, "Content-Type"), "text/html");
  EXPECT_EQ(get("/latest/meta-data/iam/nothing").status, 404);
  strike({{{"status", "200"}, {"body", "{}"}}});
  EXPECT_EQ(get("/latest/meta-data/nothing").status, 200);
}

TEST_F(ServiceFaults, ConnectionsAreOrderedToFail) {
  strike({{{"reset", "true"}, {"latency", "30ms"}}});
  EXPECT_TRUE(get(kIdPath).orders.reset);
  EXPECT_EQ(get(kIdPath).orders.delay, milliseconds(30));
  strike({{{"hang", "true"}}});
  const auto hanging = get(kRolePath);
  EXPECT_TRUE(hanging.orders.hang);
  EXPECT_EQ(hanging.body.find("secret-one"), std::string::npos) << "nothing is made for nobody";
}

TEST_F(ServiceFaults, BodiesEndEarly) {
  const auto whole = get(kRolePath).body;
  strike({{{"path", "iam/*"}, {"truncate", "50%"}}});
  EXPECT_EQ(get(kRolePath).body, whole.substr(0, whole.size() / 2));
  EXPECT_EQ(get(kRolePath).orders.truncate_after, std::nullopt);
  strike({{{"path", "iam/*"}, {"cut", "10"}}});
  EXPECT_EQ(get(kRolePath).body, whole);
  EXPECT_EQ(get(kRolePath).orders.truncate_after, 10U);
}

TEST_F(ServiceFaults, TheInstanceIsSeenWithOtherOptions) {
  play("imds-off");
  EXPECT_EQ(get(kIdPath).status, 403);
  play("v2-required");
  EXPECT_EQ(get(kIdPath).status, 401);
  EXPECT_EQ(get_v2(kIdPath).status, 200);
  play("hop-limit-1");
  EXPECT_EQ(send("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}})
                .orders.hop_limit,
            1);
}

TEST_F(ServiceFaults, TokensFailAsToldAndTheRestWorks) {
  play("token-403");
  EXPECT_EQ(
      send("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}}).status,
      403);
  EXPECT_EQ(get(kRolePath).status, 200);
  play("token-rejected");
  EXPECT_EQ(get_v2(kIdPath).status, 401);
  EXPECT_EQ(get_v2(kIdPath).body, description_.id);
}

TEST_F(ServiceFaults, TheRoleGoesMissing) {
  play("role-missing");
  EXPECT_EQ(get("/latest/meta-data/iam/").status, 404);
  EXPECT_EQ(get(kRolePath).status, 404);
  play("role-list-empty");
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").status, 200);
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, "");
}

TEST_F(ServiceFaults, ACodeComesWithoutKeys) {
  play("role-unauthorized");
  const auto response = get(kRolePath);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json(response)["Code"], "AssumeRoleUnauthorizedAccess");
  EXPECT_TRUE(json(response)["Message"].get<std::string>().starts_with(
      "EC2 cannot assume the role.  Please see"));
  EXPECT_FALSE(json(response).contains("SecretAccessKey"));
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, "app-role");
}

TEST_F(ServiceFaults, ExpiredCredentialsAreTheSameKeysWithAnotherEnd) {
  const auto before = json(get(kRolePath));
  clock_.advance(std::chrono::hours(1));
  play("credentials-expired");
  const auto after = json(get(kRolePath));
  EXPECT_EQ(after["SecretAccessKey"], before["SecretAccessKey"]);
  EXPECT_EQ(after["Expiration"], aws::format_iso8601(clock_.now() - std::chrono::minutes(15)));
  EXPECT_EQ(after["LastUpdated"], "2025-12-31T18:45:00Z");
  EXPECT_EQ(get("/latest/meta-data/iam/security-credentials/").body, "app-role");
}

TEST_F(ServiceFaults, StaleCredentialsAreServedBeyondTheirEnd) {
  play("rotation-stops");
  const auto held = get(kRolePath).body;
  clock_.advance(std::chrono::hours(5));
  role_ = role_documents();
  republish();
  EXPECT_EQ(get(kRolePath).body, held);
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(get(kRolePath).body, held);
  EXPECT_EQ(json(get(kRolePath))["Expiration"], kExpirationOfFixture);
  strike({{{"path", "mac"}, {"status", "503"}}});
  EXPECT_EQ(json(get(kRolePath))["Expiration"], "2026-01-01T11:00:00Z") << "the newest set";
}

TEST_F(ServiceFaults, AClockThatIsBehindShowsInDateAndDocument) {
  play("clock-behind");
  const auto response = get(kRolePath);
  EXPECT_EQ(json(response)["Expiration"], "2026-01-01T05:00:00Z");
  EXPECT_EQ(json(response)["LastUpdated"], "2025-12-31T23:00:00Z");
  EXPECT_EQ(header(response, "Date"), "Wed, 31 Dec 2025 23:00:00 GMT");
}

TEST_F(ServiceFaults, WebPagesAreKeptOutAsEver) {
  strike({{{"http_tokens", "required"}, {"credentials", "stale"}}});
  EXPECT_EQ(get_v2(kRolePath, {{"Origin", "http://evil.example"}}).status, 403);
}

TEST_F(ServiceFaults, EveryScenarioAnswersEveryKindOfRequest) {
  for (const FaultScenario& scenario : fault_scenarios()) {
    play(scenario.name);
    for (const char* path : {"/", "/latest/", kIdPath, kRolePath, "/latest/api/token", "/%", "x",
                             "/latest/meta-data/iam/security-credentials/"}) {
      for (const char* method : {"GET", "HEAD", "PUT", "POST"}) {
        const auto response = send(method, path);
        EXPECT_GE(response.status, 200) << scenario.name << " " << method << " " << path;
        EXPECT_EQ(header(response, "Server"), "EC2ws");
      }
    }
  }
}

}  // namespace
}  // namespace imdsd::imds
