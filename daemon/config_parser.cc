// SPDX-License-Identifier: MIT
#include "daemon/config_parser.h"

#include <algorithm>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "daemon/admin_access.h"
#include "daemon/config_console.h"
#include "daemon/config_containers.h"
#include "daemon/config_fleet.h"
#include "daemon/config_iam.h"
#include "daemon/config_metadata_options.h"
#include "daemon/config_overrides.h"
#include "daemon/config_s3.h"
#include "daemon/config_schema.h"
#include "daemon/config_section.h"
#include "daemon/config_sts.h"
#include "daemon/config_toml.h"
#include "daemon/config_values.h"
#include "daemon/files.h"

namespace imdsd::daemon {
namespace {

using base::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

Result<std::string> text(const ConfigNode& node) {
  return node.string;
}
Result<bool> boolean(const ConfigNode& node) {
  return node.boolean;
}

constexpr Choice<base::LogFormat> kLogFormats[] = {{"text", base::LogFormat::text},
                                                   {"json", base::LogFormat::json}};
constexpr Choice<base::LogLevel> kLogLevels[] = {{"debug", base::LogLevel::debug},
                                                 {"info", base::LogLevel::info},
                                                 {"warn", base::LogLevel::warn},
                                                 {"error", base::LogLevel::error}};
constexpr Choice<imds::UnknownPeer> kUnknownPeers[] = {
    {"default", imds::UnknownPeer::default_instance}, {"refuse", imds::UnknownPeer::refuse}};
constexpr Choice<iam::AuthMode> kModes[] = {{"enforce", iam::AuthMode::enforce},
                                            {"audit", iam::AuthMode::audit},
                                            {"off", iam::AuthMode::off}};

template <class T>
auto integer(T low, T high) {
  return [=](const ConfigNode& node) -> Result<T> {
    IMDSD_TRY(const auto value, integer_between(node, static_cast<std::int64_t>(low),
                                                static_cast<std::int64_t>(high)));
    return static_cast<T>(value);
  };
}

auto duration(milliseconds low, milliseconds high) {
  return [=](const ConfigNode& node) { return duration_between(node, low, high); };
}

class ConfigReader {
 public:
  ConfigReader(const ConfigNode& root, const ConfigContext& context,
               std::vector<ConfigProblem>& problems)
      : root_(&root, "", problems), context_(context) {}

  [[nodiscard]] Config read() {
    root_.read("state_dir", config_.state_dir, text);
    read_log(root_.section("log"));
    read_imds(root_.section("imds"));
    read_aws(root_.section("aws"));
    read_admin(root_.section("admin"));
    read_console(root_.section("console"), config_.console);
    read_audit(root_.section("audit"));
    read_auth(root_.section("auth"));
    root_.section("credentials")
        .read("lifetime", config_.credentials.lifetime, [](const ConfigNode& node) {
          return seconds_between(node, kMinLifetime, kMaxLifetime);
        });
    read_organization(root_.section("organization"));
    read_http(root_.section("http"));
    read_sts(root_.section("sts"), context_, config_.sts);
    read_s3(root_.section("s3"), context_, config_);
    read_iam(root_.section("iam"), context_, config_);
    read_instances(root_, context_, config_);
    read_containers(root_, context_, config_);
    check_ports();
    return std::move(config_);
  }

 private:
  void read_log(const ConfigSection& log) {
    log.read("level", config_.log.level, [](const auto& node) { return one_of(node, kLogLevels); });
    log.read("format", config_.log.format,
             [](const auto& node) { return one_of(node, kLogFormats); });
  }

  void read_imds(const ConfigSection& section) {
    auto& options = config_.imds.options;
    section.read("listen", config_.imds.listen, any_listen_addresses);
    read_metadata_options(section, options);
    section.read("allowed_hosts", options.allowed_hosts, host_names);
    section.read("extended_credentials", options.extended_credentials, boolean);
    auto& routes = config_.imds.routes;
    section.read("unknown_peer", routes.unknown_peer,
                 [](const auto& node) { return one_of(node, kUnknownPeers); });
    section.read("trusted_proxies", routes.trusted_proxies, ip_networks);
    section.read("instance_header", routes.instance_header, header_name);
  }

  void read_aws(const ConfigSection& section) {
    section.read("listen", config_.aws.listen, listen_addresses);
    section.read("tls_listen", config_.aws.tls_listen, any_listen_addresses);
    section.read("issuer_url", config_.aws.issuer_url, issuer_url);
    section.read("account_id", config_.aws.account_id, account_id);
    section.read("region", config_.aws.region, region_name);
    section.read("allowed_hosts", config_.aws.allowed_hosts, host_names);
  }

  void read_admin(const ConfigSection& section) {
    section.read("socket", config_.admin.socket, text);
    section.read("group", config_.admin.group, [&](const ConfigNode& node) -> Result<std::string> {
      const auto& exists = context_.input.find_group;
      if (!node.string.empty() && exists) IMDSD_TRY_VOID(exists(node.string));
      return node.string;
    });
    section.read("listen", config_.admin.listen, any_listen_addresses);
    section.read("allowed_hosts", config_.admin.allowed_hosts, host_names);
    section.read("metrics_instances", config_.admin.metrics_instances,
                 integer<std::size_t>(0, 100'000));
  }

  void read_audit(const ConfigSection& section) {
    section.read("file", config_.audit.file, text);
    section.read("process", config_.audit.process, boolean);
  }

  void read_auth(const ConfigSection& section) {
    section.read("mode", config_.auth.mode, [](const auto& node) { return one_of(node, kModes); });
    section.read("allow_remote", config_.auth.allow_remote, boolean);
    if (config_.auth.mode == iam::AuthMode::enforce || config_.auth.allow_remote) return;
    check_loopback(section, "aws.listen", config_.aws.listen);
    check_loopback(section, "aws.tls_listen", config_.aws.tls_listen);
  }

  static void check_loopback(const ConfigSection& auth, const std::string& key,
                             const std::vector<base::SocketAddress>& listen) {
    const auto remote = std::find_if(listen.begin(), listen.end(),
                                     [](const auto& a) { return !a.ip.is_loopback(); });
    if (remote == listen.end()) return;
    auth.add_problem("mode", "`" + auth.find("mode")->string + "` while " + key + " has `" +
                                 remote->to_string() +
                                 "`, beyond loopback, needs auth.allow_remote = true");
  }

  void read_organization(const ConfigSection& section) {
    sts::Organization& organization = config_.organization;
    section.read("management_account", organization.management_account, account_id);
    section.read("delegated_administrators", organization.delegated_administrators, account_ids);
    section.read("member_accounts", organization.member_accounts, account_ids);
    const bool has_members =
        !organization.delegated_administrators.empty() || !organization.member_accounts.empty();
    if (has_members && !section.has("management_account")) {
      section.add_problem("management_account", "is required where there are other accounts");
    }
  }

  void read_http(const ConfigSection& section) {
    auto& server = config_.http;
    auto& limits = server.limits;
    const auto time = duration(milliseconds(100), std::chrono::hours(1));
    section.read("max_connections", limits.max_connections, integer<std::size_t>(1, 1'000'000));
    section.read("max_buffered_bytes", limits.max_buffered_body_bytes,
                 integer<std::size_t>(1 << 20, std::size_t{1} << 40));
    section.read("event_threads", server.event_threads, integer(1U, 64U));
    section.read("worker_threads", server.worker_threads, integer(1U, 256U));
    section.read("head_timeout", limits.head_timeout, time);
    section.read("body_timeout", limits.body_timeout, time);
    section.read("idle_timeout", limits.idle_timeout, time);
    section.read("send_timeout", limits.send_timeout, time);
    section.read("drain_timeout", limits.drain_timeout,
                 duration(milliseconds(0), std::chrono::minutes(5)));
  }

  void check_ports() {
    const auto& aws = config_.aws;
    check_ports("aws", "listen", aws.listen, "imds.listen", config_.imds.listen);
    check_ports("aws", "tls_listen", aws.tls_listen, "imds.listen", config_.imds.listen);
    check_ports("aws", "tls_listen", aws.tls_listen, "aws.listen", aws.listen);
    const auto& admin = config_.admin.listen;
    check_ports("admin", "listen", admin, "imds.listen", config_.imds.listen);
    check_ports("admin", "listen", admin, "aws.listen", aws.listen);
    check_ports("admin", "listen", admin, "aws.tls_listen", aws.tls_listen);
    const auto& console = config_.console.listen;
    check_ports("console", "listen", console, "imds.listen", config_.imds.listen);
    check_ports("console", "listen", console, "aws.listen", aws.listen);
    check_ports("console", "listen", console, "aws.tls_listen", aws.tls_listen);
    check_ports("console", "listen", console, "admin.listen", admin);
  }

  void check_ports(const char* section, const char* key,
                   const std::vector<base::SocketAddress>& addresses, const std::string& other_key,
                   const std::vector<base::SocketAddress>& others) {
    for (const auto& address : addresses) {
      if (address.port == 0 || std::find(others.begin(), others.end(), address) == others.end()) {
        continue;
      }
      root_.section(section).add_problem(
          key, "`" + address.to_string() + "` is taken by " + other_key + ", too");
    }
  }

  ConfigSection root_;
  const ConfigContext& context_;
  Config config_;
};

}  // namespace

base::SocketAddress loopback(std::uint16_t port) {
  return {base::IpAddress::from_v4({127, 0, 0, 1}), port};
}

tl::expected<LoadedConfig, RejectedConfig> parse_config(const ConfigInput& input) {
  std::vector<ConfigProblem> problems;
  LoadedConfig loaded;
  auto root = parse_toml(input.text, input.name);
  if (!root) return tl::unexpected(RejectedConfig{{std::move(root).error()}, {}});
  apply_environment(*root, input.environment, problems, loaded.warnings);
  for (const auto& assignment : input.sets) apply_set(*root, assignment, problems);
  check_against_schema(*root, problems);
  const ConfigContext context{input, loaded.warnings};
  loaded.config = ConfigReader(*root, context, problems).read();
  sort_problems(loaded.warnings);
  if (problems.empty()) return loaded;
  sort_problems(problems);
  return tl::unexpected(RejectedConfig{std::move(problems), std::move(loaded.warnings)});
}

tl::expected<LoadedConfig, RejectedConfig> load_config(const std::string& path, ConfigInput input) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(RejectedConfig{{{{}, "", text.error().message}}, {}});
  input.name = path;
  input.text = *std::move(text);
  const auto slash = path.rfind('/');
  input.folder = slash == std::string::npos ? "" : path.substr(0, std::max<std::size_t>(slash, 1));
  input.read_file = [](const std::string& file) { return read_file(file); };
  input.find_group = [](const std::string& name) { return find_group(name); };
  return parse_config(input);
}

}  // namespace imdsd::daemon
