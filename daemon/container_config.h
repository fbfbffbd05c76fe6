// SPDX-License-Identifier: MIT
// What the configuration says of the doors for containers: [ecs] and [eks].
#pragma once

#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/secret.h"
#include "containers/task_metadata.h"
#include "daemon/config_node.h"

namespace imdsd::daemon {

/// A role that something names, and where, for a role that is not there.
struct NamedRole {
  std::string name;   // empty: none
  ConfigPosition at;  // of the key
  std::string key;    // "ecs.task.0.role"
};

struct TaskContainerConfig {
  std::string name;
  std::string image;  // NAME:latest
  int cpu = 0;        // CPU units
  int memory = 0;     // MiB
};

/// Which instance a task runs on is part of it: zone, VPC and addresses are that one's.
struct TaskConfig {
  std::string family = "default";
  int revision = 1;
  std::string id;  // 32 hex digits; empty: it follows from the rest
  NamedRole role;
  std::string credentials_id;  // empty: it follows from the id
  std::string service;
  containers::LaunchType launch_type = containers::LaunchType::ec2;
  containers::NetworkMode network_mode = containers::NetworkMode::awsvpc;
  std::size_t instance = 0;  // its place in Config::instances
  containers::Tags tags;
  std::vector<TaskContainerConfig> containers;  // empty: one with the name of the family
};

struct EcsConfig {
  std::vector<base::SocketAddress> listen;  // empty: the door is closed
  std::string cluster = "default";
  std::string authorization_token_file;  // empty: none
  base::Secret authorization_token;      // its content
  std::vector<TaskConfig> tasks;
};

struct PodIdentityConfig {
  std::string name_space = "default", service_account = "default";
  std::string pod;  // its name, in the session's tags; empty: that of the service account
  NamedRole role;
};

struct EksConfig {
  std::vector<base::SocketAddress> listen;  // empty: the door is closed
  std::string cluster = "default";
  std::vector<std::string> issuers;  // iss, beside imdsd's own cluster
  std::string token_dir;             // empty: pod-identity in the state directory
  std::vector<PodIdentityConfig> associations;
};

}  // namespace imdsd::daemon
