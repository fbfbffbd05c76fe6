// SPDX-License-Identifier: MIT
// What the task metadata endpoints say of a task and its containers
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace imdsd::containers {

using Tags = std::vector<std::pair<std::string, std::string>>;

struct ContainerDescription {
  std::string name;         // "web"
  std::string image;        // "nginx:1.27"
  std::string docker_id;    // 64 hex digits
  std::string endpoint_id;  // of its metadata URIs: /v4/<endpoint id>
  std::string arn;
  int cpu = 0;                   // CPU units; under 2, the agent gives a container 2
  int memory = 0;                // MiB; 0: no limit of its own
  std::string bridge_ipv4 = {};  // in network mode bridge
};

/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
enum class NetworkMode { awsvpc, bridge, host };

/// The interface of a task in network mode awsvpc.
struct TaskNetwork {
  std::vector<std::string> ipv4, ipv6;
  std::string mac, ipv4_block, ipv6_block, private_dns_name, gateway_ipv4, name_server;
};

enum class LaunchType { ec2, fargate };

struct TaskDescription {
  std::string cluster;      // its name
  std::string cluster_arn;  // Fargate tells this one
  std::string arn;
  std::string instance_id;  // that it runs on
  std::string family, revision;
  std::string service;  // empty: of no service
  LaunchType launch_type = LaunchType::ec2;
  std::string availability_zone, availability_zone_id, vpc_id;
  base::SystemTime started;
  NetworkMode network_mode = NetworkMode::awsvpc;
  TaskNetwork network;
  Tags tags, instance_tags;
  std::vector<ContainerDescription> containers;
};

/// Version 2 is what version 3 says.
enum class MetadataVersion { v3, v4 };

/// INVARIANT of both: JSON on one line, without the members that do not apply.
[[nodiscard]] std::string task_metadata(const TaskDescription& task, MetadataVersion version,
                                        bool with_tags);
[[nodiscard]] std::string container_metadata(const TaskDescription& task,
                                             const ContainerDescription& container,
                                             MetadataVersion version);

}  // namespace imdsd::containers
