// SPDX-License-Identifier: MIT
#include "cli/container_environment.h"

#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imdsd::cli {
namespace {

using nlohmann::json;

json sample() {
  return json::parse(R"({
    "ecs": {"endpoint": "http://127.0.0.1:1341", "authorization_token_file": null, "tasks": [
      {"task_arn": "arn:aws:ecs:us-east-1:123456789012:task/dev/0001", "family": "shop",
       "credentials_path": "/v2/credentials/c1", "containers": [
         {"name": "web", "metadata_path_v4": "/v4/e1", "metadata_path_v3": "/v3/e1"},
         {"name": "log", "metadata_path_v4": "/v4/e2", "metadata_path_v3": "/v3/e2"}]},
      {"task_arn": "arn:aws:ecs:us-east-1:123456789012:task/dev/0002", "family": "batch",
       "credentials_path": null, "containers": [
         {"name": "batch", "metadata_path_v4": "/v4/e3", "metadata_path_v3": "/v3/e3"}]}]},
    "eks": {"endpoint": "http://[fd00:ec2::23]:80", "pod_identity_associations": [
      {"namespace": "shop", "service_account": "cart", "authorization_token_file": "/s/cart"},
      {"namespace": "shop", "service_account": "till", "authorization_token_file": "/s/till"}]}
  })");
}

using Values = std::map<std::string, std::optional<std::string>>;

Values values(const std::vector<Variable>& variables) {
  Values out;
  for (const auto& each : variables) out.emplace(each.name, each.value);
  return out;
}

Values variables(const json& body, const ContainerChoice& choice) {
  const auto found = container_variables(body.dump(), choice);
  EXPECT_TRUE(found) << found.error().message;
  return found ? values(found->variables) : Values();
}

std::string problem(const json& body, const ContainerChoice& choice) {
  const auto found = container_variables(body.dump(), choice);
  return found ? "none" : found.error().message;
}

TEST(ContainerEnvironment, OfATaskOnLoopbackIsAFullUri) {
  EXPECT_EQ(
      variables(sample(), {}),
      (Values{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1341/v2/credentials/c1"},
              {"ECS_CONTAINER_METADATA_URI_V4", "http://127.0.0.1:1341/v4/e1"},
              {"ECS_CONTAINER_METADATA_URI", "http://127.0.0.1:1341/v3/e1"}}));
  EXPECT_EQ(container_variables(sample().dump(), {})->host, "127.0.0.1");
}

TEST(ContainerEnvironment, OfATaskOnEcssAddressIsARelativeOne) {
  auto body = sample();
  body["ecs"]["endpoint"] = "http://169.254.170.2:80";
  body["ecs"]["authorization_token_file"] = "/etc/token";
  EXPECT_EQ(variables(body, {.task = "0001", .container = "log"}),
            (Values{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/c1"},
                    {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/etc/token"},
                    {"ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/e2"},
                    {"ECS_CONTAINER_METADATA_URI", "http://169.254.170.2/v3/e2"}}));
}

TEST(ContainerEnvironment, OfAPodIsAFullUriAndATokenFile) {
  EXPECT_EQ(variables(sample(), {.door = Door::eks, .service_account = "till"}),
            (Values{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/credentials"},
                    {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/s/till"}}));
  EXPECT_EQ(container_variables(sample().dump(), {.door = Door::eks})->host, "fd00:ec2::23");
}

TEST(ContainerEnvironment, SaysWhatIsNotThere) {
  EXPECT_EQ(problem(sample(), {.task = "x"}), "there is no task `x`");
  EXPECT_EQ(problem(sample(), {.task = "shop", .container = "x"}),
            "task `shop` has no container `x`");
  EXPECT_EQ(problem(sample(), {.task = "batch"}),
            "task `batch` has no role, so that there are no credentials: name one in "
            "ecs.task.*.role");
  EXPECT_EQ(problem(sample(), {.door = Door::eks, .name_space = "x"}),
            "no role is associated with such a service account: declare "
            "[[eks.pod_identity_association]]");
  auto closed = sample();
  closed["ecs"]["endpoint"] = nullptr;
  closed["eks"]["endpoint"] = nullptr;
  EXPECT_EQ(problem(closed, {}), "imdsd serves no tasks: name an address in ecs.listen");
  EXPECT_EQ(problem(closed, {.door = Door::eks}),
            "imdsd serves no pods: name an address in eks.listen");
}

TEST(ContainerEnvironment, AnswersOfAnotherShapeAreRefused) {
  for (const char* text : {"", "[]", "{}", R"({"ecs":{},"eks":{}})",
                           R"({"ecs":{"tasks":[1]},"eks":{"pod_identity_associations":[]}})"}) {
    const auto found = container_variables(text, {});
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, base::Errc::corrupt);
  }
}

TEST(ContainerEnvironment, TheDoorReplacesTheMetadataService) {
  const std::vector<Variable> environment = {
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/"},
      {"AWS_EC2_METADATA_DISABLED", std::nullopt},
      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", std::nullopt},
      {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", std::nullopt},
      {"AWS_REGION", "us-east-1"}};
  const auto through =
      through_door(environment, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c"}});
  EXPECT_EQ(through.size(), environment.size()) << "each variable once";
  EXPECT_EQ(values(through), (Values{{"AWS_EC2_METADATA_SERVICE_ENDPOINT", std::nullopt},
                                     {"AWS_EC2_METADATA_DISABLED", "true"},
                                     {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c"},
                                     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", std::nullopt},
                                     {"AWS_REGION", "us-east-1"}}));
}

TEST(ContainerEnvironment, InANamespaceOfItsOwnIsAtTheBuiltInAddresses) {
  EXPECT_EQ(variables(sample(), {.at_built_in_address = true}),
            (Values{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/c1"},
                    {"ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/e1"},
                    {"ECS_CONTAINER_METADATA_URI", "http://169.254.170.2/v3/e1"}}));
  EXPECT_EQ(variables(sample(), {.door = Door::eks, .at_built_in_address = true}),
            (Values{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
                    {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/s/cart"}}));
  auto closed = sample();
  closed["ecs"]["endpoint"] = nullptr;
  EXPECT_EQ(problem(closed, {.at_built_in_address = true}),
            "imdsd serves no tasks: name an address in ecs.listen");
}

TEST(ContainerEnvironment, TellsWhichDoorsAreOpen) {
  auto body = sample();
  EXPECT_TRUE(open_doors(body.dump())->ecs);
  EXPECT_TRUE(open_doors(body.dump())->eks);
  body["eks"]["endpoint"] = nullptr;
  EXPECT_TRUE(open_doors(body.dump())->ecs);
  EXPECT_FALSE(open_doors(body.dump())->eks);
  EXPECT_FALSE(open_doors("[]"));
}

}  // namespace
}  // namespace imdsd::cli
