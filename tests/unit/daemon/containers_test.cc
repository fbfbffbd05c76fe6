// SPDX-License-Identifier: MIT
// The doors for containers behind a core: from the configuration to the answer.
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config_fixture.h"
#include "daemon/admin_containers.h"
#include "daemon/core.h"
#include "daemon/files.h"
#include "daemon/monitor.h"
#include "daemon/pod_token_files.h"
#include "temp_dir.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

using nlohmann::json;

std::string role(const std::string& name, const std::string& principal,
                 const std::string& actions = R"("sts:AssumeRole")",
                 const std::string& policy = "") {
  std::string text = "[[iam.role]]\nname = \"" + name +
                     R"("
trust_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{)" +
                     principal + R"(},"Action":)" + actions + "}]}'\n";
  if (!policy.empty()) {
    text += R"(policies = [{ name = "p", document = ')" + policy + "' }]\n";
  }
  return text;
}

const std::string kEc2 = R"("Service":"ec2.amazonaws.com")";
const std::string kEcs = R"("Service":"ecs-tasks.amazonaws.com")";
const std::string kEks = R"("Service":"pods.eks.amazonaws.com")";
const std::string kTagged = R"(["sts:AssumeRole","sts:TagSession"])";

const std::string kDoors = R"(
[ecs]
cluster = "dev"
[[ecs.task]]
family = "shop"
role = "task-role"
credentials_id = "shop"
[[eks.pod_identity_association]]
namespace = "shop"
service_account = "cart"
role = "pod-role"
[[instance]]
profile = "app-role"
)";

class ContainersTest : public testing::Test {
 protected:
  ContainersTest() {
    auto state = StateDir::open(temp_.path()).value();
    auto ring = load_key_ring(state, random_, clock_.now()).value();
    auto iam = open_iam(state).value();
    core_ =
        std::make_unique<Core>(clock_, random_, std::move(state), std::move(ring), std::move(iam));
  }

  [[nodiscard]] std::string apply(const std::string& text) {
    auto applied = core_->apply(TestConfig{text}.config());
    if (!applied) return TestConfig::lines(applied.error());
    core_->set_issuer_url("http://127.0.0.1:1339");
    return "";
  }
  [[nodiscard]] static std::string all_roles() {
    return role("app-role", kEc2) + role("task-role", kEcs) + role("pod-role", kEks, kTagged);
  }

  [[nodiscard]] json task_credentials() const {
    const auto answer = core_->handle_ecs(
        fakes::HttpRequestBuilder("GET", "/v2/credentials/shop").header("Host", "x").build());
    EXPECT_EQ(answer.status, 403) << "the guard is there";
    return json::parse(ecs("/v2/credentials/shop").body);
  }
  [[nodiscard]] base::HttpResponse ecs(const std::string& path) const {
    return core_->handle_ecs(
        fakes::HttpRequestBuilder("GET", path).header("Host", "localhost").build());
  }
  [[nodiscard]] base::HttpResponse pod_answer() const {
    const auto token = core_->service_account_token(
        {.name_space = "shop", .service_account = "cart", .audience = "pods.eks.amazonaws.com"});
    return core_->handle_eks(fakes::HttpRequestBuilder("GET", "/v1/credentials")
                                 .header("Host", "169.254.170.23")
                                 .header("Authorization", std::string(token->reveal()))
                                 .build());
  }
  [[nodiscard]] ContainerReport report() const {
    return {"http://127.0.0.1:1341", "",          core_->containers().plan(), {""},
            core_->rotation(),       clock_.now()};
  }

  TempDir temp_;
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  std::unique_ptr<Core> core_;
};

TEST_F(ContainersTest, TasksAndPodsHaveCredentialsOnceAConfigurationIsThere) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const json task = task_credentials();
  EXPECT_EQ(task["RoleArn"], "arn:aws:iam::123456789012:role/task-role");
  EXPECT_EQ(task["Expiration"], "2026-01-01T06:00:00Z");
  const auto pod = pod_answer();
  ASSERT_EQ(pod.status, 200) << pod.body;
  EXPECT_EQ(json::parse(pod.body)["AccountId"], "123456789012");
}

TEST_F(ContainersTest, FaultRulesOfTheirDoorStrikeThem) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const auto instance = core_->instance("").value();
  const auto add = [&](imds::FaultFields fields) {
    ASSERT_TRUE(instance->add_fault(imds::FaultRule::parse(std::move(fields)).value(), ""));
  };
  add({{"path", "/v2/credentials/*"}, {"status", "503"}, {"count", "1"}});
  EXPECT_EQ(pod_answer().status, 200) << "of the other door";
  EXPECT_EQ(ecs("/v2/metadata").status, 200) << "of another path";
  EXPECT_EQ(ecs("/v2/credentials/shop").status, 503);
  EXPECT_EQ(ecs("/v2/credentials/shop").status, 200);
  add({{"door", "eks"}, {"credentials", "expired"}});
  EXPECT_EQ(json::parse(pod_answer().body)["Expiration"], "2025-12-31T23:45:00Z");
  add({{"door", "ecs"}, {"body", "no"}});
  EXPECT_EQ(ecs("/v2/credentials/nobody").body, "no");
  EXPECT_EQ(ecs("/v2/credentials/nobody").status, 400) << "as without the rule";
}

TEST_F(ContainersTest, EachContainerOnABridgeHasAnAddressOfItsOwn) {
  ASSERT_EQ(apply(R"(
[[ecs.task]]
family = "shop"
network_mode = "bridge"
[[ecs.task.container]]
name = "web"
[[ecs.task.container]]
name = "log"
[[ecs.task]]
family = "batch"
network_mode = "bridge"
[[ecs.task]]
family = "alone"
[[ecs.task]]
family = "other"
network_mode = "bridge"
instance = "second"
[[instance]]
name = "first"
[[instance]]
name = "second"
peers = ["10.0.0.2"]
)"),
            "");
  std::string told;
  for (const auto& task : core_->containers().plan()->tasks->tasks()) {
    for (const auto& each : task->description.containers) {
      told += each.name + "=" + each.bridge_ipv4 + " ";
    }
  }
  EXPECT_EQ(told, "web=172.17.0.2 log=172.17.0.3 batch=172.17.0.4 alone= other=172.17.0.2 ");
  EXPECT_EQ(ecs("/v2/metadata").status, 400);
}

TEST_F(ContainersTest, RulesAreThoseOfTheInstanceThatATaskRunsOn) {
  ASSERT_EQ(apply(R"(
[[ecs.task]]
family = "shop"
instance = "second"
[[instance]]
name = "first"
[[instance]]
name = "second"
peers = ["10.0.0.2"]
)"),
            "");
  const std::string path =
      "/v4/" + core_->containers().plan()->tasks->tasks()[0]->description.containers[0].endpoint_id;
  const auto hang = imds::FaultRule::parse({{"door", "ecs"}, {"hang", "true"}}).value();
  ASSERT_TRUE(core_->instance("first").value()->add_fault(hang, ""));
  EXPECT_FALSE(ecs(path).orders.hang);
  EXPECT_TRUE(ecs("/v4/nobody").orders.hang) << "of no task: the default instance's";
  ASSERT_TRUE(core_->instance("second").value()->add_fault(hang, ""));
  EXPECT_TRUE(ecs(path).orders.hang);
}

TEST_F(ContainersTest, StatusTellsThemAndReadinessWaitsForThem) {
  ASSERT_EQ(
      apply(kDoors + role("app-role", kEc2) + role("task-role", kEcs) + role("pod-role", kEc2)),
      "");
  const auto status = core_->status().value();
  ASSERT_EQ(status.holders.size(), 2U);
  const auto& task = status.holders[0].door == "ecs" ? status.holders[0] : status.holders[1];
  const auto& pod = status.holders[0].door == "ecs" ? status.holders[1] : status.holders[0];
  EXPECT_EQ(task.state, InstanceStatus::State::valid);
  EXPECT_EQ(task.role, "task-role");
  EXPECT_EQ(pod.door, "eks");
  EXPECT_EQ(pod.state, InstanceStatus::State::failed);
  EXPECT_TRUE(pod.error);
  EXPECT_FALSE(is_ready(status));
  const json ready = json::parse(readiness_json(status));
  EXPECT_EQ(ready["tasks_and_pods"], 2);
  EXPECT_EQ(ready["without_credentials"], 1);
  EXPECT_EQ(ready["not_ready"][0]["door"], "eks");
  EXPECT_EQ(json::parse(status_json(status))["containers"]["holders"].size(), 2U);
  EXPECT_TRUE(core_->status(status.instances[0].id)->holders.empty())
      << "one instance was asked for";
}

TEST_F(ContainersTest, TheyAreMembersOfTheRotation) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const json before = task_credentials();
  EXPECT_EQ(core_->rotation().size(), 3U);
  ASSERT_TRUE(core_->rotate(""));
  EXPECT_NE(task_credentials()["AccessKeyId"], before["AccessKeyId"]);
  EXPECT_EQ(core_->status()->instances.size(), 1U);
}

TEST_F(ContainersTest, AReloadKeepsWhatHasNotChanged) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const json before = task_credentials();
  ASSERT_EQ(apply(kDoors + "[[ecs.task]]\nfamily = \"batch\"\n" + all_roles()), "");
  EXPECT_EQ(task_credentials(), before);
  ASSERT_EQ(apply(kDoors + all_roles() + "max_session_duration = 7200\n"), "");
  EXPECT_EQ(task_credentials(), before);
}

TEST_F(ContainersTest, ARoleThatDoesNotTrustTheServiceIsTold) {
  ASSERT_EQ(
      apply(kDoors + role("app-role", kEc2) + role("task-role", kEc2) + role("pod-role", kEks)),
      "");
  EXPECT_EQ(task_credentials()["code"], "CredentialsUninitialized");
  EXPECT_EQ(task_credentials()["message"],
            "CredentialsV2Request: Credentials uninitialized for ID: the trust policy of role "
            "`task-role` does not let ecs-tasks.amazonaws.com assume it");
  const auto pod = pod_answer();
  EXPECT_EQ(pod.status, 400);
  EXPECT_NE(pod.body.find("tag its sessions (sts:TagSession)"), std::string::npos) << pod.body;
  const json told = json::parse(containers_json(report()));
  EXPECT_EQ(told["ecs"]["tasks"][0]["state"], "failed");
}

TEST_F(ContainersTest, CredentialsLiveOnOverAFailureUntilTheyExpire) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const json before = task_credentials();
  ASSERT_EQ(apply(kDoors + role("app-role", kEc2) + role("task-role", kEc2) +
                  role("pod-role", kEks, kTagged)),
            "");
  EXPECT_FALSE(core_->rotate(""));
  EXPECT_EQ(task_credentials(), before);
  clock_.advance(std::chrono::hours(6));
  EXPECT_EQ(task_credentials()["code"], "CredentialsUninitialized");
}

TEST_F(ContainersTest, RolesThatAreNotThereAreToldWithTheirPlace) {
  EXPECT_EQ(apply(kDoors + role("app-role", kEc2) + role("task-rule", kEcs) +
                  role("pod-role", kEks, kTagged)),
            "config.toml:6:8: ecs.task.0.role: there is no role `task-role` in account "
            "123456789012, did you mean `task-rule`?\n");
}

TEST_F(ContainersTest, ATaskDescribesItsInstance) {
  ASSERT_EQ(apply(kDoors + "local_ipv4 = \"10.1.2.3\"\n" + all_roles()), "");
  const auto& task = *core_->containers().plan()->tasks->tasks().at(0);
  const json told = json::parse(task.v4.task);
  EXPECT_TRUE(told["TaskARN"].get<std::string>().starts_with(
      "arn:aws:ecs:us-east-1:123456789012:task/dev/"));
  EXPECT_EQ(told["AvailabilityZone"], "us-east-1a");
  const auto imds = [&](const std::string& path) {
    return core_
        ->handle_imds(fakes::HttpRequestBuilder("GET", "/latest/meta-data/" + path)
                          .header("Host", "127.0.0.1")
                          .from("127.0.0.1:5000")
                          .build())
        .body;
  };
  const std::string mac = imds("mac");
  const std::string interface = "network/interfaces/macs/" + mac + "/";
  const json network = told["Containers"][0]["Networks"][0];
  EXPECT_EQ(network["IPv4Addresses"], json::array({"10.1.2.3"}));
  EXPECT_EQ(network["MACAddress"], mac);
  EXPECT_EQ(network["IPv4SubnetCIDRBlock"], imds(interface + "subnet-ipv4-cidr-block"));
  EXPECT_EQ(network["PrivateDNSName"], imds("local-hostname"));
  EXPECT_EQ(network["SubnetGatewayIpv4Address"], "10.1.0.1");
  EXPECT_EQ(told["VPCID"], imds(interface + "vpc-id"));
}

TEST_F(ContainersTest, TasksOfOneDefinitionDifferAndStayTheSame) {
  const std::string two = "[[ecs.task]]\nfamily = \"a\"\n[[ecs.task]]\nfamily = \"a\"\n";
  const auto arns = [&] {
    std::vector<std::string> out;
    for (const auto& task : core_->containers().plan()->tasks->tasks()) {
      out.push_back(task->description.arn);
    }
    return out;
  };
  ASSERT_EQ(apply(two), "");
  const auto before = arns();
  ASSERT_EQ(before.size(), 2U);
  EXPECT_NE(before[0], before[1]);
  ASSERT_EQ(apply(two), "");
  EXPECT_EQ(arns(), before);
}

TEST_F(ContainersTest, TheAdminSocketTellsOfThemWithoutASecret) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const std::string text = containers_json(report());
  const json told = json::parse(text);
  EXPECT_EQ(told["ecs"]["endpoint"], "http://127.0.0.1:1341");
  EXPECT_EQ(told["eks"]["endpoint"], nullptr);
  const json& task = told["ecs"]["tasks"][0];
  EXPECT_EQ(task["credentials_path"], "/v2/credentials/shop");
  EXPECT_EQ(task["role"], "task-role");
  EXPECT_EQ(task["state"], "valid");
  EXPECT_EQ(task["access_key_id"], task_credentials()["AccessKeyId"]);
  EXPECT_EQ(told["eks"]["pod_identity_associations"][0]["namespace"], "shop");
  EXPECT_EQ(text.find(task_credentials()["SecretAccessKey"].get<std::string>()), std::string::npos);
}

TEST_F(ContainersTest, CredentialProcessGivesTheInstancesOrAnotherRole) {
  const std::string may = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                          R"("Action":"sts:AssumeRole","Resource":"*"}]})";
  const std::string by_app = R"("AWS":"arn:aws:iam::123456789012:role/app-role")";
  ASSERT_EQ(apply("[[instance]]\nprofile = \"app-role\"\n" +
                  role("app-role", kEc2, R"("sts:AssumeRole")", may) + role("other", by_app) +
                  role("closed", kEcs)),
            "");
  const auto own = core_->process_credentials("", "");
  ASSERT_TRUE(own) << own.error().message;
  const json document = json::parse(*own);
  EXPECT_EQ(document["Version"], 1);
  EXPECT_EQ(document["AccessKeyId"], core_->status()->instances[0].access_key_id_v2);
  EXPECT_EQ(document["Expiration"], "2026-01-01T06:00:00Z");
  EXPECT_EQ(*core_->process_credentials("i-0a1b2c3d4e5f60718", "app-role"), *own);
  const auto other = core_->process_credentials("", "other");
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(json::parse(*other)["Expiration"], "2026-01-01T01:00:00Z");
  EXPECT_EQ(core_->process_credentials("", "closed").error().code, base::Errc::access_denied);
  EXPECT_EQ(core_->process_credentials("", "missing").error().code, base::Errc::not_found);
  EXPECT_EQ(core_->process_credentials("i-x", "").error().code, base::Errc::not_found);
  clock_.advance(std::chrono::hours(6));
  EXPECT_EQ(core_->process_credentials("", "").error().code, base::Errc::unavailable);
}

TEST_F(ContainersTest, PodTokensAreWrittenAndRenewedAtHalfOfTheirLife) {
  ASSERT_EQ(apply(kDoors + all_roles()), "");
  const auto plan = core_->containers().plan();
  PodTokenFiles files(temp_ / "pods");
  int signed_tokens = 0;
  const auto sign = [&](const sts::ServiceAccountTerms& terms) -> base::Result<base::Secret> {
    EXPECT_EQ(terms.audience, "pods.eks.amazonaws.com");
    EXPECT_EQ(terms.duration, std::chrono::hours(24));
    return base::Secret(terms.name_space + "." + std::to_string(++signed_tokens));
  };
  const std::string path = files.path_of(*plan, plan->associations.at(0));
  EXPECT_EQ(path, (temp_ / "pods") + "/shop/cart/eks-pod-identity-token");
  ASSERT_TRUE(files.refresh(*plan, false, clock_.now(), sign));
  EXPECT_EQ(read_file(path).value(), "shop.1");
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  clock_.advance(std::chrono::hours(12) - std::chrono::seconds(1));
  ASSERT_TRUE(files.refresh(*plan, false, clock_.now(), sign));
  EXPECT_EQ(read_file(path).value(), "shop.1");
  clock_.advance(std::chrono::seconds(1));
  ASSERT_TRUE(files.refresh(*plan, false, clock_.now(), sign));
  EXPECT_EQ(read_file(path).value(), "shop.2");
  ASSERT_TRUE(files.refresh(*plan, true, clock_.now(), sign));
  EXPECT_EQ(read_file(path).value(), "shop.3");
  const auto refuse = [](const sts::ServiceAccountTerms&) -> base::Result<base::Secret> {
    return base::fail(base::Errc::internal, "no signing key");
  };
  EXPECT_EQ(files.refresh(*plan, true, clock_.now(), refuse).error().message, "no signing key");
}

}  // namespace
}  // namespace imdsd::daemon
