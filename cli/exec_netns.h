// SPDX-License-Identifier: MIT
// imdsctl exec --netns: a child in a network namespace of its own, where 169.254.169.254 is imdsd.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "cli/client_environment.h"
#include "cli/container_environment.h"

namespace imdsd::cli {

/// One address inside the namespace, and what imdsd serves there.
struct NamespacePort {
  std::string service;
  base::SocketAddress address;
  friend bool operator==(const NamespacePort&, const NamespacePort&) = default;
};

struct NamespacePlan {
  std::vector<NamespacePort> ports;
  std::vector<Variable> variables;  // of the child
  std::string aws_endpoint;
};

/// What the namespace is to have: the addresses that AWS's clients know by themselves, those of
/// `doors` as well, and the AWS APIs where `imdsctl env` says that they are. Pure.
[[nodiscard]] base::Result<NamespacePlan> plan_namespace(const DaemonEndpoints& daemon,
                                                         const base::Environment& current,
                                                         Audience audience, OpenDoors doors);

struct NamespaceWish {
  DaemonEndpoints daemon;
  std::string instance;  // whose metadata, by name or id; empty: the default one's
  Audience audience;
  std::vector<Variable> session;  // credentials of another role; empty: the instance's are found
  OpenDoors doors;
  std::vector<Variable> door;  // the program's own; empty: it is the instance's
};

/// The exit code: that of the child, or 1 with the reason on standard error.
[[nodiscard]] int exec_in_namespace(const NamespaceWish& wish,
                                    const std::vector<std::string>& command,
                                    const base::Environment& current);

}  // namespace imdsd::cli
