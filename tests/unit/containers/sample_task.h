// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "containers/task_service.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::containers {

inline constexpr const char* kTaskArn =
    "arn:aws:ecs:eu-west-1:123456789012:task/dev/0123456789abcdef0123456789abcdef";

inline TaskDescription sample_task() {
  TaskDescription task;
  task.cluster = "dev";
  task.cluster_arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/dev";
  task.arn = kTaskArn;
  task.family = "shop";
  task.revision = "7";
  task.availability_zone = "eu-west-1b";
  task.availability_zone_id = "euw1-az2";
  task.vpc_id = "vpc-0123456789abcdef0";
  task.started = fakes::ManualClock::kStart;
  task.network = {.ipv4 = {"172.31.16.9"},
                  .ipv6 = {},
                  .mac = "0a:00:00:00:00:01",
                  .ipv4_block = "172.31.16.0/20",
                  .ipv6_block = "",
                  .private_dns_name = "ip-172-31-16-9.eu-west-1.compute.internal",
                  .gateway_ipv4 = "172.31.16.1",
                  .name_server = "172.31.0.2"};
  task.tags = {{"team", "cart"}};
  task.instance_tags = {{"Name", "host"}};
  task.containers = {{.name = "web",
                      .image = "nginx:1.27",
                      .docker_id = std::string(64, 'd'),
                      .endpoint_id = "11111111-1111-4111-8111-111111111111",
                      .arn = "arn:aws:ecs:eu-west-1:123456789012:container/dev/0123/1",
                      .cpu = 256,
                      .memory = 512}};
  return task;
}

}  // namespace imdsd::containers
