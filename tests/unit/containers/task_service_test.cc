// SPDX-License-Identifier: MIT
#include "containers/task_service.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sample_task.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::containers {
namespace {

using nlohmann::json;
using std::chrono::hours;

constexpr const char* kRoleArn = "arn:aws:iam::123456789012:role/task-role";

class TaskServiceTest : public testing::Test {
 protected:
  TaskServiceTest() {
    declare();
    issue();
  }

  void declare(std::string token = "", int tasks = 1) {
    std::vector<std::shared_ptr<const ServedTask>> list = {
        std::make_shared<const ServedTask>(sample_task(), "cred-1", cell_)};
    for (int i = 1; i < tasks; ++i) {
      auto other = sample_task();
      other.containers[0].endpoint_id = "other-" + std::to_string(i);
      list.push_back(std::make_shared<const ServedTask>(std::move(other), "", nullptr));
    }
    table_.store(
        std::make_shared<const TaskTable>(std::move(list), base::Secret(std::move(token))));
  }

  void issue() {
    RenderedCredentials credentials;
    credentials.expiration = clock_.now() + hours(6);
    credentials.access_key_id = "ASIA1";
    credentials.document = task_credentials(
        kRoleArn, {"ASIA1", base::Secret("secret"), base::Secret("token"), credentials.expiration});
    cell_->store(std::make_shared<const RenderedCredentials>(std::move(credentials)));
  }

  [[nodiscard]] base::HttpResponse get(const std::string& target,
                                       const std::string& authorization = "") const {
    fakes::HttpRequestBuilder builder("GET", target);
    builder.header("Host", "127.0.0.1:1341");
    if (!authorization.empty()) builder.header("Authorization", authorization);
    return service_.handle(builder.build());
  }
  [[nodiscard]] std::string error(const std::string& target,
                                  const std::string& authorization = "") const {
    const auto response = get(target, authorization);
    const auto body = json::parse(response.body);
    EXPECT_EQ(body["HTTPErrorCode"], response.status);
    return std::to_string(response.status) + " " + body["code"].get<std::string>() + " " +
           body["message"].get<std::string>();
  }

  fakes::ManualClock clock_;
  std::shared_ptr<CredentialCell> cell_ = std::make_shared<CredentialCell>();
  base::SnapshotCell<TaskTable> table_;
  std::vector<std::string> delivered_;
  TaskService service_{
      clock_, table_, [this](std::string_view holder, std::string_view key, const auto& request) {
        delivered_.push_back(std::string(holder) + " " + std::string(key) + " " + request.target);
      }};
};

TEST_F(TaskServiceTest, GivesCredentialsByBothPaths) {
  for (const char* target : {"/v2/credentials/cred-1", "/v1/credentials?id=cred-1"}) {
    const auto response = get(target);
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
    EXPECT_EQ(json::parse(response.body), (json{{"RoleArn", kRoleArn},
                                                {"AccessKeyId", "ASIA1"},
                                                {"SecretAccessKey", "secret"},
                                                {"Token", "token"},
                                                {"Expiration", "2026-01-01T06:00:00Z"}}));
  }
}

TEST_F(TaskServiceTest, TellsOfDeliveriesAndOfNothingElse) {
  (void)get("/v2/credentials/cred-1");
  (void)get("/v2/credentials/cred-2");
  (void)get("/v2/metadata");
  EXPECT_EQ(delivered_,
            std::vector<std::string>{std::string(kTaskArn) + " ASIA1 /v2/credentials/cred-1"});
}

TEST_F(TaskServiceTest, TellsWhatIsWrongAsTheAgentDoes) {
  EXPECT_EQ(error("/v2/credentials/"),
            "400 NoIdInRequest CredentialsV2Request: No Credential ID in the request");
  EXPECT_EQ(error("/v1/credentials"),
            "400 NoIdInRequest CredentialsV1Request: No Credential ID in the request");
  EXPECT_EQ(error("/v2/credentials/cred-2"),
            "400 InvalidIdInRequest CredentialsV2Request: Credentials not found");
  EXPECT_EQ(error("/v1/credentials?id=x"),
            "400 InvalidIdInRequest CredentialsV1Request: Credentials not found");
  cell_->store(nullptr);
  EXPECT_EQ(error("/v2/credentials/cred-1"),
            "503 CredentialsUninitialized CredentialsV2Request: Credentials uninitialized for ID");
}

TEST_F(TaskServiceTest, DeadCredentialsAreNotHandedOut) {
  auto failed = *cell_->load();
  failed.failure = "no role `task-role`";
  cell_->store(std::make_shared<const RenderedCredentials>(failed));
  EXPECT_EQ(get("/v2/credentials/cred-1").status, 200) << "they live on";
  clock_.advance(hours(6));
  EXPECT_EQ(error("/v2/credentials/cred-1"),
            "503 CredentialsUninitialized CredentialsV2Request: Credentials uninitialized for ID: "
            "no role `task-role`");
}

TEST_F(TaskServiceTest, ATokenIsAskedForWhereThereIsOne) {
  declare("let me in");
  EXPECT_EQ(get("/v2/credentials/cred-1", "let me in").status, 200);
  EXPECT_EQ(error("/v2/credentials/cred-1"),
            "403 AccessDenied CredentialsV2Request: No authorization token");
  for (const char* wrong : {"let me i", "let me in!", "Bearer let me in", "x"}) {
    EXPECT_EQ(error("/v2/credentials/cred-1", wrong),
              "403 AccessDenied CredentialsV2Request: The authorization token is wrong");
  }
  EXPECT_EQ(error("/v2/credentials/unknown").substr(0, 3), "403") << "tells no strangers of ids";
  EXPECT_EQ(get("/v4/11111111-1111-4111-8111-111111111111").status, 200)
      << "clients of the metadata send no token";
}

TEST_F(TaskServiceTest, ServesTheMetadataOfContainers) {
  const auto task = sample_task();
  const std::string id = "/11111111-1111-4111-8111-111111111111";
  for (const auto& [prefix, version] :
       {std::pair{"/v3", MetadataVersion::v3}, std::pair{"/v4", MetadataVersion::v4}}) {
    EXPECT_EQ(get(prefix + id).body, container_metadata(task, task.containers[0], version));
    EXPECT_EQ(get(prefix + id + "/task").body, task_metadata(task, version, false));
    EXPECT_EQ(get(prefix + id + "/taskWithTags").body, task_metadata(task, version, true));
  }
  EXPECT_EQ(get("/v4/unknown").status, 404);
  EXPECT_EQ(get("/v3/unknown").status, 500);
  EXPECT_EQ(get("/v3/unknown/task").status, 400);
}

TEST_F(TaskServiceTest, SaysOfStatsWhatTheAgentSaysThatHasNone) {
  const std::string id = "/11111111-1111-4111-8111-111111111111";
  const std::string docker_id(64, 'd');
  EXPECT_EQ(get("/v4" + id + "/task/stats").body, R"({")" + docker_id + R"(":{}})");
  for (const auto& path : {"/v3" + id + "/task/stats", std::string("/v2/stats")}) {
    const auto of_task = get(path);
    EXPECT_EQ(of_task.status, 200) << path;
    EXPECT_EQ(of_task.body, R"({")" + docker_id + R"(":null})") << path;
  }
  for (const auto& [path, status] : {std::pair{"/v4" + id + "/stats", 500},
                                     {"/v3" + id + "/stats", 400},
                                     {"/v2/stats/" + docker_id, 400}}) {
    const auto of_container = get(path);
    EXPECT_EQ(of_container.status, status) << path;
    EXPECT_EQ(json::parse(of_container.body), "Unable to get container stats for: " + docker_id);
  }
  EXPECT_EQ(get("/v4/unknown/stats").status, 404);
  EXPECT_EQ(get("/v2/statsx").status, 404);
}

TEST_F(TaskServiceTest, Version2IsForOneTask) {
  const auto task = sample_task();
  const std::string whole = task_metadata(task, MetadataVersion::v3, false);
  EXPECT_EQ(get("/v2/metadata").body, whole);
  EXPECT_EQ(get("/v2/metadata/").body, whole);
  EXPECT_EQ(get("/v2/metadataWithTags").body, task_metadata(task, MetadataVersion::v3, true));
  EXPECT_EQ(get("/v2/metadata/" + std::string(64, 'd')).body,
            container_metadata(task, task.containers[0], MetadataVersion::v3));
  EXPECT_EQ(get("/v2/metadata/unknown").status, 400);
  declare("", 2);
  EXPECT_EQ(get("/v2/metadata").status, 400);
  EXPECT_EQ(get("/v2/stats").status, 400);
}

TEST_F(TaskServiceTest, UnknownPathsAreGos404) {
  for (const char* target : {"/", "/v2/credentials", "/v1/credentials/", "/v5/x", "/v4", "/v4/a/b",
                             "/v2/metadataX", "/latest/meta-data/", "*"}) {
    const auto response = get(target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_EQ(response.body, "404 page not found\n") << target;
  }
}

TEST_F(TaskServiceTest, KeepsWebPagesAndOtherMethodsOut) {
  const auto with = [&](const char* name, const char* value) {
    return service_
        .handle(fakes::HttpRequestBuilder("GET", "/v2/credentials/cred-1")
                    .header(name, value)
                    .header("Host", "localhost")
                    .build())
        .status;
  };
  EXPECT_EQ(with("Accept", "*/*"), 200);
  EXPECT_EQ(with("Host", "evil.example"), 403);
  EXPECT_EQ(with("Origin", "http://evil.example"), 403);
  EXPECT_EQ(with("Sec-Fetch-Site", "cross-site"), 403);
  EXPECT_EQ(with("X-Forwarded-For", "10.0.0.1"), 403);
  const auto post = service_.handle(fakes::HttpRequestBuilder("POST", "/v2/credentials/cred-1")
                                        .header("Host", "localhost")
                                        .build());
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.headers.get("Allow"), "GET, HEAD");
}

TEST_F(TaskServiceTest, AnswersBeforeThereIsAConfiguration) {
  table_.store(nullptr);
  EXPECT_EQ(get("/v2/credentials/cred-1").status, 503);
}

}  // namespace
}  // namespace imdsd::containers
