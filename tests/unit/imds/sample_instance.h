// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "imds/instance_metadata.h"
#include "imds/snapshot.h"

namespace imdsd::imds {

inline InstanceDescription sample() {
  return {.id = "i-0a1b2c3d4e5f60718",
          .type = "t3.micro",
          .availability_zone = "us-east-1a",
          .account_id = "123456789012",
          .launch_time = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
}

/// What the tree of `description` answers to a path below /latest, or "(absent)".
inline std::string value_at(const InstanceDescription& description, std::string_view path,
                            std::string_view version = kLatest) {
  const auto tree = build_metadata_tree(description, description.launch_time);
  if (!tree) return tree.error().message;
  const InstanceSnapshot snapshot;
  const auto value =
      (*tree)->read(path, {snapshot, Delivery::imdsv2, description.launch_time, version});
  return value ? value->body : "(absent)";
}

/// The same below the first interface of a description that names its MAC address.
inline std::string interface_value(const InstanceDescription& description, std::string_view name,
                                   std::size_t index = 0) {
  return value_at(description, "meta-data/network/interfaces/macs/" +
                                   complete(description).interfaces[index].mac +
                                   (name.empty() ? "" : "/" + std::string(name)));
}

}  // namespace imdsd::imds
