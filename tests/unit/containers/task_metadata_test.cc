// SPDX-License-Identifier: MIT
#include "containers/task_metadata.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sample_task.h"

namespace imdsd::containers {
namespace {

using nlohmann::json;

json container(const TaskDescription& task, MetadataVersion version) {
  return json::parse(container_metadata(task, task.containers.at(0), version));
}
json whole(const TaskDescription& task, MetadataVersion version, bool with_tags = false) {
  return json::parse(task_metadata(task, version, with_tags));
}

TEST(TaskMetadata, Version4OfAContainer) {
  EXPECT_EQ(container(sample_task(), MetadataVersion::v4), json::parse(R"({
    "DockerId": "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
    "Name": "web",
    "DockerName": "ecs-shop-7-web-dddddddddddddddddddd",
    "Image": "nginx:1.27",
    "ImageID": "",
    "Labels": {
      "com.amazonaws.ecs.cluster": "dev",
      "com.amazonaws.ecs.container-name": "web",
      "com.amazonaws.ecs.task-arn":
          "arn:aws:ecs:eu-west-1:123456789012:task/dev/0123456789abcdef0123456789abcdef",
      "com.amazonaws.ecs.task-definition-family": "shop",
      "com.amazonaws.ecs.task-definition-version": "7"
    },
    "DesiredStatus": "RUNNING",
    "KnownStatus": "RUNNING",
    "Limits": {"CPU": 256, "Memory": 512},
    "CreatedAt": "2026-01-01T00:00:00Z",
    "StartedAt": "2026-01-01T00:00:00Z",
    "Type": "NORMAL",
    "ContainerARN": "arn:aws:ecs:eu-west-1:123456789012:container/dev/0123/1",
    "Networks": [{
      "NetworkMode": "awsvpc",
      "IPv4Addresses": ["172.31.16.9"],
      "AttachmentIndex": 0,
      "MACAddress": "0a:00:00:00:00:01",
      "IPv4SubnetCIDRBlock": "172.31.16.0/20",
      "DomainNameServers": ["172.31.0.2"],
      "PrivateDNSName": "ip-172-31-16-9.eu-west-1.compute.internal",
      "SubnetGatewayIpv4Address": "172.31.16.1"
    }]
  })"));
}

TEST(TaskMetadata, Version3KnowsLess) {
  auto expected = container(sample_task(), MetadataVersion::v4);
  expected.erase("ContainerARN");
  expected["Networks"] =
      json::parse(R"([{"NetworkMode":"awsvpc","IPv4Addresses":["172.31.16.9"]}])");
  EXPECT_EQ(container(sample_task(), MetadataVersion::v3), expected);
  auto task = whole(sample_task(), MetadataVersion::v4);
  for (const char* name : {"AvailabilityZoneID", "LaunchType", "VPCID", "FaultInjectionEnabled"}) {
    EXPECT_EQ(task.erase(name), 1U) << name;
  }
  task["Containers"] = json::array({expected});
  EXPECT_EQ(whole(sample_task(), MetadataVersion::v3), task);
}

TEST(TaskMetadata, OnABridgeOrTheHostThereIsNoInterfaceOfItsOwn) {
  auto task = sample_task();
  task.network_mode = NetworkMode::bridge;
  task.containers[0].bridge_ipv4 = "172.17.0.2";
  const auto bridge = json::parse(R"([{"NetworkMode":"bridge","IPv4Addresses":["172.17.0.2"]}])");
  for (const auto version : {MetadataVersion::v3, MetadataVersion::v4}) {
    EXPECT_EQ(container(task, version)["Networks"], bridge);
    EXPECT_EQ(whole(task, version)["Containers"][0]["Networks"], bridge);
  }
  task.network_mode = NetworkMode::host;
  EXPECT_EQ(container(task, MetadataVersion::v4)["Networks"],
            json::parse(R"([{"NetworkMode":"host"}])"));
}

TEST(TaskMetadata, Version4OfATask) {
  auto task = sample_task();
  task.service = "storefront";
  auto answer = whole(task, MetadataVersion::v4);
  EXPECT_EQ(answer["Containers"], json::array({container(task, MetadataVersion::v4)}));
  answer.erase("Containers");
  EXPECT_EQ(answer, json::parse(R"({
    "Cluster": "dev",
    "TaskARN": "arn:aws:ecs:eu-west-1:123456789012:task/dev/0123456789abcdef0123456789abcdef",
    "Family": "shop",
    "Revision": "7",
    "DesiredStatus": "RUNNING",
    "KnownStatus": "RUNNING",
    "AvailabilityZone": "eu-west-1b",
    "AvailabilityZoneID": "euw1-az2",
    "LaunchType": "EC2",
    "VPCID": "vpc-0123456789abcdef0",
    "ServiceName": "storefront",
    "FaultInjectionEnabled": false
  })"));
}

TEST(TaskMetadata, TagsAreThereWhereTheyAreAskedFor) {
  EXPECT_FALSE(whole(sample_task(), MetadataVersion::v4).contains("TaskTags"));
  const auto answer = whole(sample_task(), MetadataVersion::v4, true);
  EXPECT_EQ(answer["TaskTags"], json({{"team", "cart"}}));
  EXPECT_EQ(answer["ContainerInstanceTags"], json({{"Name", "host"}}));
  auto bare = sample_task();
  bare.tags.clear();
  EXPECT_FALSE(whole(bare, MetadataVersion::v4, true).contains("TaskTags"));
}

TEST(TaskMetadata, OnFargateThereIsNoHost) {
  auto task = sample_task();
  task.launch_type = LaunchType::fargate;
  const auto answer = whole(task, MetadataVersion::v4, true);
  EXPECT_EQ(answer["Cluster"], "arn:aws:ecs:eu-west-1:123456789012:cluster/dev");
  EXPECT_EQ(answer["LaunchType"], "FARGATE");
  EXPECT_FALSE(answer.contains("VPCID"));
  EXPECT_FALSE(answer.contains("ContainerInstanceTags"));
  EXPECT_EQ(answer["Containers"][0]["DockerName"], "web");
}

TEST(TaskMetadata, AContainerHasTwoCpuUnitsAtLeast) {
  auto task = sample_task();
  task.containers[0].cpu = 0;
  EXPECT_EQ(container(task, MetadataVersion::v4)["Limits"]["CPU"], 2);
}

}  // namespace
}  // namespace imdsd::containers
