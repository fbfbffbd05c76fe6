// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ec2/instance_control.h"

namespace imdsd::fakes {

/// Instances that are nowhere but here. `fail_next` makes one change fail.
class MemoryInstances final : public ec2::InstanceControl {
 public:
  ec2::Place home{"123456789012", "us-east-1"};
  std::map<std::string, ec2::Instance, std::less<>> instances;
  bool fail_next = false;
  std::size_t changes = 0;  // that were kept
  std::vector<ec2::RunOrder> orders;

  ec2::Instance& add(const std::string& id) {
    ec2::Instance& instance = instances[id];
    instance.id = id;
    instance.image_id = "ami-0123456789abcdef0";
    instance.type = "t3.micro";
    instance.account = home.account;
    instance.reservation_id = "r-0" + id.substr(3);
    instance.zone = home.region + "a";
    instance.monitoring = "disabled";
    instance.architecture = "x86_64";
    instance.interfaces.push_back({.id = "eni-0" + id.substr(3),
                                   .mac = "0a:00:00:00:00:01",
                                   .owner_id = home.account,
                                   .subnet_id = "subnet-0123456789abcdef0",
                                   .vpc_id = "vpc-0123456789abcdef0",
                                   .private_dns_name = "ip-172-31-0-9.ec2.internal",
                                   .public_dns_name = {},
                                   .private_ips = {"172.31.0.9"},
                                   .public_ips = {},
                                   .ipv6s = {},
                                   .ipv4_prefixes = {},
                                   .ipv6_prefixes = {},
                                   .groups = {{"sg-0123456789abcdef0", "default"}}});
    return instance;
  }

  ec2::Place place() const override { return home; }
  std::vector<std::string> ids() const override {
    std::vector<std::string> out;
    for (const auto& [id, instance] : instances) out.push_back(id);
    return out;
  }
  std::optional<ec2::Instance> find(std::string_view id) const override {
    const auto found = instances.find(id);
    if (found == instances.end()) return std::nullopt;
    return found->second;
  }
  std::vector<ec2::Association> associations() const override {
    std::vector<ec2::Association> out;
    for (const auto& [id, instance] : instances) {
      if (instance.settings.association) out.push_back(*instance.settings.association);
    }
    return out;
  }
  base::Result<void> change(const std::vector<std::string>& ids, const Change& change) override {
    if (std::exchange(fail_next, false)) {
      return base::fail(base::Errc::unavailable, "the disk is full");
    }
    std::vector<ec2::Instance> changed;
    for (const std::string& id : ids) {
      if (auto instance = find(id)) changed.push_back(*std::move(instance));
    }
    if (!change(changed)) return {};
    ++changes;
    for (ec2::Instance& instance : changed) {
      instance.state =
          instance.settings.stopped ? ec2::InstanceState::stopped : ec2::InstanceState::running;
      if (instance.settings.terminated) {
        instance.state = ec2::InstanceState::terminated;
        instance.settings.association.reset();
      }
      instances[instance.id] = instance;
    }
    return {};
  }
  aws::Outcome<std::vector<ec2::Instance>> run(const ec2::RunOrder& order) override {
    orders.push_back(order);
    std::vector<ec2::Instance> made;
    for (std::size_t i = 0; i < order.max_count; ++i) {
      ec2::Instance& instance = add("i-0000000000000000" + std::to_string(i + 1));
      instance.type = order.type;
      instance.reservation_id = "r-01111111111111111";
      instance.settings.tags = order.tags;
      if (!order.profile.empty()) {
        instance.settings.association =
            ec2::Association{"iip-assoc-" + instance.id.substr(2), instance.id, order.profile};
      }
      made.push_back(instance);
    }
    return made;
  }
};

}  // namespace imdsd::fakes
