// SPDX-License-Identifier: MIT
#include "containers/task_metadata.h"

#include <algorithm>
#include <string_view>

#include "aws/time_format.h"
#include "iam/json_writer.h"

namespace imdsd::containers {
namespace {

using iam::JsonWriter;

constexpr std::string_view kRunning = "RUNNING";
// What Docker cannot do without
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html).
constexpr int kMinCpuUnits = 2;

void member_unless_empty(std::string_view name, std::string_view value, JsonWriter& json) {
  if (!value.empty()) json.member(name, value);
}

void list_unless_empty(std::string_view name, const std::vector<std::string>& values,
                       JsonWriter& json) {
  if (values.empty()) return;
  json.name(name).begin_list();
  for (const auto& value : values) json.value(value);
  json.end_list();
}

void tags_unless_empty(std::string_view name, const Tags& tags, JsonWriter& json) {
  if (tags.empty()) return;
  json.name(name).begin_object();
  for (const auto& [key, value] : tags) json.member(key, value);
  json.end_object();
}

void write_interface(const TaskNetwork& network, MetadataVersion version, JsonWriter& json) {
  list_unless_empty("IPv4Addresses", network.ipv4, json);
  list_unless_empty("IPv6Addresses", network.ipv6, json);
  if (version != MetadataVersion::v4) return;
  json.member("AttachmentIndex", 0);
  member_unless_empty("MACAddress", network.mac, json);
  member_unless_empty("IPv4SubnetCIDRBlock", network.ipv4_block, json);
  member_unless_empty("IPv6SubnetCIDRBlock", network.ipv6_block, json);
  if (!network.name_server.empty()) {
    list_unless_empty("DomainNameServers", {network.name_server}, json);
  }
  member_unless_empty("PrivateDNSName", network.private_dns_name, json);
  member_unless_empty("SubnetGatewayIpv4Address", network.gateway_ipv4, json);
}

std::string_view name_of(NetworkMode mode) {
  switch (mode) {
    case NetworkMode::bridge:
      return "bridge";
    case NetworkMode::host:
      return "host";
    case NetworkMode::awsvpc:
      break;
  }
  return "awsvpc";
}

/// Docker tells of an address on its bridge, and of none for a container that has the host's.
void write_network(const TaskDescription& task, const ContainerDescription& container,
                   MetadataVersion version, JsonWriter& json) {
  json.name("Networks").begin_list().begin_object();
  json.member("NetworkMode", name_of(task.network_mode));
  if (task.network_mode == NetworkMode::awsvpc) write_interface(task.network, version, json);
  if (task.network_mode == NetworkMode::bridge && !container.bridge_ipv4.empty()) {
    list_unless_empty("IPv4Addresses", {container.bridge_ipv4}, json);
  }
  json.end_object().end_list();
}

/// What the agent labels containers with, in Docker.
void write_labels(const TaskDescription& task, const ContainerDescription& container,
                  JsonWriter& json) {
  const bool fargate = task.launch_type == LaunchType::fargate;
  json.name("Labels")
      .begin_object()
      .member("com.amazonaws.ecs.cluster", fargate ? task.cluster_arn : task.cluster)
      .member("com.amazonaws.ecs.container-name", container.name)
      .member("com.amazonaws.ecs.task-arn", task.arn)
      .member("com.amazonaws.ecs.task-definition-family", task.family)
      .member("com.amazonaws.ecs.task-definition-version", task.revision)
      .end_object();
}

/// ecs-FAMILY-REVISION-CONTAINER-…; on Fargate, the container's name alone.
std::string docker_name(const TaskDescription& task, const ContainerDescription& container) {
  if (task.launch_type == LaunchType::fargate) return container.name;
  constexpr std::size_t kSuffix = 20;
  return "ecs-" + task.family + "-" + task.revision + "-" + container.name + "-" +
         container.docker_id.substr(0, kSuffix);
}

void write_container(const TaskDescription& task, const ContainerDescription& container,
                     MetadataVersion version, JsonWriter& json) {
  const std::string time = aws::format_iso8601(task.started);
  json.begin_object()
      .member("DockerId", container.docker_id)
      .member("Name", container.name)
      .member("DockerName", docker_name(task, container))
      .member("Image", container.image)
      .member("ImageID", "");  // nothing was pulled
  write_labels(task, container, json);
  json.member("DesiredStatus", kRunning)
      .member("KnownStatus", kRunning)
      .name("Limits")
      .begin_object()
      .member("CPU", std::max(container.cpu, kMinCpuUnits))
      .member("Memory", container.memory)
      .end_object()
      .member("CreatedAt", time)
      .member("StartedAt", time)
      .member("Type", "NORMAL");
  if (version == MetadataVersion::v4) json.member("ContainerARN", container.arn);
  write_network(task, container, version, json);
  json.end_object();
}

}  // namespace

std::string container_metadata(const TaskDescription& task, const ContainerDescription& container,
                               MetadataVersion version) {
  JsonWriter json;
  write_container(task, container, version, json);
  return json.take();
}

std::string task_metadata(const TaskDescription& task, MetadataVersion version, bool with_tags) {
  const bool fargate = task.launch_type == LaunchType::fargate;
  const bool v4 = version == MetadataVersion::v4;
  JsonWriter json;
  json.begin_object()
      .member("Cluster", fargate ? task.cluster_arn : task.cluster)
      .member("TaskARN", task.arn)
      .member("Family", task.family)
      .member("Revision", task.revision)
      .member("DesiredStatus", kRunning)
      .member("KnownStatus", kRunning)
      .member("AvailabilityZone", task.availability_zone);
  if (with_tags) {
    tags_unless_empty("TaskTags", task.tags, json);
    if (!fargate) tags_unless_empty("ContainerInstanceTags", task.instance_tags, json);
  }
  if (v4) {
    json.member("AvailabilityZoneID", task.availability_zone_id)
        .member("LaunchType", fargate ? "FARGATE" : "EC2");
  }
  json.name("Containers").begin_list();
  for (const auto& container : task.containers) write_container(task, container, version, json);
  json.end_list();
  if (v4) {
    // The host's VPC: there is no host on Fargate that a task could know of.
    if (!fargate) json.member("VPCID", task.vpc_id);
    member_unless_empty("ServiceName", task.service, json);
    json.member("FaultInjectionEnabled", false);
  }
  json.end_object();
  return json.take();
}

}  // namespace imdsd::containers
