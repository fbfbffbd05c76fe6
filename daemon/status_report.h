// SPDX-License-Identifier: MIT
// What the daemon tells about itself: the banner, `imdsctl status` and `imdsctl env` are prints of
// one value. It has no place for a secret.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "daemon/config.h"
#include "http/server.h"
#include "iam/auth_mode_name.h"
#include "iam/caller.h"
#include "imds/request_counters.h"
#include "imds/snapshot.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

struct InstanceStatus {
  std::string name, id, type, availability_zone;
  bool is_default = false;
  std::vector<base::SocketAddress> listen;  // its own, as bound
  std::vector<base::IpNetwork> peers;
  imds::MetadataOptions options;
  std::string profile, role;  // empty: none
  enum class State {
    none,  // no role to have credentials of
    valid,
    failed,  // never obtained any
    expired,
  } state = State::none;
  std::string access_key_id_v1, access_key_id_v2;
  std::optional<base::SystemTime> expiration, next_rotation, last_updated;
  std::optional<std::string> error;  // of the last attempt
  // For metrics.
  std::optional<base::SystemTime> issued;
  std::uint64_t rotations = 0, failed_rotations = 0;
  std::shared_ptr<const imds::RequestCounters> counters;  // null: those of all others together
};

/// A task of ECS or a pod of EKS that has a role.
struct HolderStatus {
  std::string door;  // "ecs", "eks"
  std::string id;    // the ARN of the task, or of the association
  std::string role;
  InstanceStatus::State state = InstanceStatus::State::failed;
  std::optional<base::SystemTime> expiration, next_rotation;
  std::optional<std::string> error;  // of the last attempt
  std::uint64_t rotations = 0, failed_rotations = 0;
};

struct StatusReport {
  unsigned pid = 0;
  base::SystemTime started;
  iam::AuthMode auth_mode = iam::AuthMode::enforce;
  std::vector<base::SocketAddress> imds_listen, aws_listen, aws_tls_listen;  // as bound
  std::vector<base::SocketAddress> admin_listen, console_listen, ecs_listen, eks_listen;
  imds::MetadataOptions imds_options;  // of [imds]
  imds::RouteRules routes;
  std::string account_id, region;
  std::string credentials_file;  // the administrator's
  std::string lent_socket;       // takes listeners of other network namespaces
  std::string ca_file;           // of the certificate authority behind aws_tls_listen
  std::vector<InstanceStatus> instances;
  std::vector<HolderStatus> holders;  // of all instances; none where one was asked for
  http::ServerStats connections;
  std::shared_ptr<const imds::RequestCounters> other_counters;
};

/// `state` is the rotator's word on this instance; none when it has no role.
[[nodiscard]] InstanceStatus instance_status(const InstanceConfig& instance,
                                             const std::string& role,
                                             const sts_client::RotationState* state,
                                             base::SystemTime now);

[[nodiscard]] HolderStatus holder_status(std::string door, const sts_client::InstanceRole& role,
                                         const sts_client::RotationState* state,
                                         base::SystemTime now);

/// The body of GET /v1/status; docs/admin.md is its contract.
[[nodiscard]] std::string status_json(const StatusReport& report);
/// The body of GET /v1/env: what `imdsctl env` makes variables of. With an `instance`, the report
/// is that of this one; Errc::not_found when it has no address that is its alone.
[[nodiscard]] base::Result<std::string> env_json(const StatusReport& report,
                                                 const std::string& instance);
[[nodiscard]] std::string_view to_string(InstanceStatus::State state) noexcept;

/// The URL of the listener that this machine reaches best; empty without any.
[[nodiscard]] std::string endpoint_url(std::string_view scheme,
                                       const std::vector<base::SocketAddress>& listeners);

/// Where a client on this machine reaches a listener: of 0.0.0.0 and [::], the loopback address.
[[nodiscard]] base::SocketAddress reachable(const base::SocketAddress& listener);

}  // namespace imdsd::daemon
