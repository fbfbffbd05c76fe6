// SPDX-License-Identifier: MIT
// The configuration, typed and checked. Defaults stand at their fields; docs/configuration.md tells
// what each means. Made by load_config() alone, so a Config that exists is valid.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/ip_network.h"
#include "base/log.h"
#include "base/tls_client.h"
#include "daemon/config_node.h"
#include "daemon/container_config.h"
#include "http/server.h"
#include "iam/caller.h"
#include "iam/condition_ip.h"
#include "iam/control_policies.h"
#include "iam/declarations.h"
#include "imds/event_order.h"
#include "imds/fault_rule.h"
#include "imds/instance_description.h"
#include "imds/instance_routes.h"
#include "imds/snapshot.h"
#include "s3/declared_buckets.h"
#include "sts/json_web_key.h"
#include "sts/organization.h"

namespace imdsd::daemon {

/// 127.0.0.1 with this port.
[[nodiscard]] base::SocketAddress loopback(std::uint16_t port);

struct LogConfig {
  base::LogLevel level = base::LogLevel::info;
  base::LogFormat format = base::LogFormat::text;
  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

struct ImdsConfig {
  std::vector<base::SocketAddress> listen = {loopback(1338)};
  imds::MetadataOptions options;  // of instances that say nothing else
  imds::RouteRules routes;
};

struct AwsConfig {
  std::vector<base::SocketAddress> listen = {loopback(1339)};
  std::vector<base::SocketAddress> tls_listen;  // empty: no HTTPS
  std::string issuer_url;                       // empty: the address of tls_listen, else of listen
  std::string account_id = "123456789012";
  std::string region = "us-east-1";
  std::vector<std::string> allowed_hosts;
};

struct AdminConfig {
  std::string socket;                       // empty: admin_socket_path() decides
  std::string group;                        // empty: nobody beside the daemon's own user and root
  std::vector<base::SocketAddress> listen;  // metrics and health over TCP; empty: not there
  std::vector<std::string> allowed_hosts;   // of requests to `listen`
  std::size_t metrics_instances = 100;      // with series of their own
  friend bool operator==(const AdminConfig&, const AdminConfig&) = default;
};

struct ConsoleConfig {
  std::vector<base::SocketAddress> listen;       // empty: no page
  bool allow_remote = false;                     // addresses beyond loopback
  std::vector<std::string> allowed_hosts;        // of requests to `listen`
  std::vector<base::IpNetwork> trusted_proxies;  // whose word on the client and TLS is taken
  friend bool operator==(const ConsoleConfig&, const ConsoleConfig&) = default;
};

struct AuditConfig {
  std::string file;      // empty: none; "-": standard error
  bool process = false;  // tell the process that was handed credentials, where the kernel can
};

struct AuthConfig {
  iam::AuthMode mode = iam::AuthMode::enforce;
  bool allow_remote = false;
};

/// An issuer whose keys the file gives, so that nothing is fetched.
struct OidcIssuerConfig {
  std::string url;  // iss
  std::shared_ptr<const sts::JsonWebKeySet> keys;
};

struct StsConfig {
  std::vector<std::string> oidc_fetch;  // iss
  std::vector<iam::Cidr> oidc_private_ranges;
  std::optional<base::TlsTrust> tls_trust;  // none: nothing is fetched
  std::vector<OidcIssuerConfig> oidc_issuers;
};

struct S3Config {
  /// What the host of a virtual-hosted request ends in: BUCKET.localhost.
  std::vector<std::string> domains = {"localhost"};
  std::vector<s3::DeclaredBucket> buckets;
};

struct CredentialsConfig {
  std::chrono::seconds lifetime{std::chrono::hours(6)};
};

/// Lifetimes that can be asked for. EC2 gives six hours; seconds are for tests.
inline constexpr std::chrono::seconds kMinLifetime{5};
inline constexpr std::chrono::seconds kMaxLifetime{std::chrono::hours(12)};

struct InstanceConfig {
  std::string name;  // no other instance's name or id; its own id where none is given
  bool is_default = false;
  bool declared = true;                     // by the configuration; else RunInstances made it
  std::vector<base::SocketAddress> listen;  // addresses of its own, beside imds.listen
  std::vector<base::IpNetwork> peers;
  imds::MetadataOptions options;
  /// What is empty follows from the rest, as far as it can.
  imds::InstanceDescription description{
      .id = "i-0a1b2c3d4e5f60718", .type = "t3.micro", .availability_zone = {}, .account_id = {}};
  std::vector<imds::FaultRule> faults;   // trouble from the start
  std::vector<imds::EventOrder> events;  // that have happened from its beginning
  std::string
      profile;  // instance profile; empty: none. Filled in where exactly one role is declared
  ConfigPosition profile_at;  // of the key, for a profile that is not there
};

/// Where an entity was declared, for problems that show only when all of them are put together.
struct DeclaredAt {
  std::string label;  // "role `app-role`"
  ConfigPosition at;
  std::string key;  // "iam.role.0"
};

struct Config {
  std::string state_dir;  // empty: state_dir_path() decides
  LogConfig log;
  ImdsConfig imds;
  AwsConfig aws;
  AdminConfig admin;
  ConsoleConfig console;
  AuditConfig audit;
  AuthConfig auth;
  StsConfig sts;
  S3Config s3;
  CredentialsConfig credentials;
  EcsConfig ecs;
  EksConfig eks;
  sts::Organization organization;
  http::ServerOptions http;
  std::vector<InstanceConfig> instances;  // at least one
  iam::Declarations iam;
  iam::ControlPolicies control_policies;
  std::vector<DeclaredAt> iam_places;  // and of buckets
};

}  // namespace imdsd::daemon
