// SPDX-License-Identifier: MIT
#include "daemon/status_report.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "aws/time_format.h"

namespace imdsd::daemon {
namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<base::SystemTime>& time) {
  return time ? Json(aws::format_iso8601(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json addresses(const std::vector<base::SocketAddress>& list) {
  Json out = Json::array();
  for (const auto& address : list) out.push_back(address.to_string());
  return out;
}

std::string_view tokens_text(const imds::MetadataOptions& options) {
  return options.http_tokens == imds::HttpTokens::required ? "required" : "optional";
}

std::string_view endpoint_text(const imds::MetadataOptions& options) {
  return options.http_endpoint_enabled ? "enabled" : "disabled";
}

Json networks(const std::vector<base::IpNetwork>& list) {
  Json out = Json::array();
  for (const auto& network : list) out.push_back(network.to_string());
  return out;
}

Json instance_json(const InstanceStatus& instance) {
  return {{"name", instance.name},
          {"id", instance.id},
          {"default", instance.is_default},
          {"listen", addresses(instance.listen)},
          {"peers", networks(instance.peers)},
          {"http_tokens", tokens_text(instance.options)},
          {"http_endpoint", endpoint_text(instance.options)},
          {"hop_limit", instance.options.hop_limit},
          {"type", instance.type},
          {"availability_zone", instance.availability_zone},
          {"profile", text_or_null(instance.profile)},
          {"role", text_or_null(instance.role)},
          {"state", to_string(instance.state)},
          {"access_key_ids",
           {{"imdsv1", text_or_null(instance.access_key_id_v1)},
            {"imdsv2", text_or_null(instance.access_key_id_v2)}}},
          {"expiration", time_or_null(instance.expiration)},
          {"next_rotation", time_or_null(instance.next_rotation)},
          {"last_updated", time_or_null(instance.last_updated)},
          {"error", instance.error ? Json(*instance.error) : Json(nullptr)}};
}

Json holder_json(const HolderStatus& holder) {
  return {{"door", holder.door},
          {"id", holder.id},
          {"role", holder.role},
          {"state", to_string(holder.state)},
          {"expiration", time_or_null(holder.expiration)},
          {"next_rotation", time_or_null(holder.next_rotation)},
          {"error", holder.error ? Json(*holder.error) : Json(nullptr)}};
}

Json containers_json(const StatusReport& report) {
  Json holders = Json::array();
  for (const auto& holder : report.holders) holders.push_back(holder_json(holder));
  return {{"ecs_listen", addresses(report.ecs_listen)},
          {"eks_listen", addresses(report.eks_listen)},
          {"holders", std::move(holders)}};
}

/// Loopback and IPv4 first: what every client on this machine reaches.
const base::SocketAddress* best_listener(const std::vector<base::SocketAddress>& list) {
  const base::SocketAddress* best = nullptr;
  int best_rank = 3;
  for (const auto& address : list) {
    const auto local = reachable(address);
    const int rank = !local.ip.is_loopback() ? 2 : local.ip.is_v6() ? 1 : 0;
    if (rank < best_rank) {
      best = &address;
      best_rank = rank;
    }
  }
  return best;
}

/// Where requests for this instance alone go to; empty where a client on this machine has no such
/// address.
const std::vector<base::SocketAddress>& listeners_of(const InstanceStatus& instance,
                                                     const StatusReport& report) {
  static const std::vector<base::SocketAddress> kNone;
  if (!instance.listen.empty()) return instance.listen;
  const bool by_default =
      instance.is_default && report.routes.unknown_peer == imds::UnknownPeer::default_instance;
  return by_default ? report.imds_listen : kNone;
}

std::string dump(const Json& json) {
  // Text from a system call may be anything; an answer is always JSON.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

InstanceStatus instance_status(const InstanceConfig& instance, const std::string& role,
                               const sts_client::RotationState* state, base::SystemTime now) {
  InstanceStatus out;
  out.name = instance.name;
  out.id = instance.description.id;
  out.peers = instance.peers;
  out.options = instance.options;
  out.type = instance.description.type;
  out.availability_zone = instance.description.availability_zone;
  out.profile = instance.profile;
  out.role = role;
  if (!state) return out;
  out.next_rotation = state->next_attempt;
  out.last_updated = state->last_attempt;
  out.rotations = state->successes;
  out.failed_rotations = state->failures;
  if (state->failure) out.error = state->failure->message;
  if (!state->sets) {
    out.state = InstanceStatus::State::failed;
    return out;
  }
  out.issued = state->sets->issued;
  out.expiration = state->sets->expiration();
  out.state = *out.expiration > now ? InstanceStatus::State::valid : InstanceStatus::State::expired;
  out.access_key_id_v1 = state->sets->imdsv1->access_key_id;
  out.access_key_id_v2 = state->sets->imdsv2->access_key_id;
  return out;
}

HolderStatus holder_status(std::string door, const sts_client::InstanceRole& role,
                           const sts_client::RotationState* state, base::SystemTime now) {
  HolderStatus out;
  out.door = std::move(door);
  out.id = role.instance_id;
  out.role = role.role_name;
  if (state == nullptr) return out;
  out.next_rotation = state->next_attempt;
  out.rotations = state->successes;
  out.failed_rotations = state->failures;
  if (state->failure) out.error = state->failure->message;
  if (!state->sets) return out;
  out.expiration = state->sets->expiration();
  out.state = *out.expiration > now ? InstanceStatus::State::valid : InstanceStatus::State::expired;
  return out;
}

std::string status_json(const StatusReport& report) {
  Json instances = Json::array();
  for (const auto& instance : report.instances) instances.push_back(instance_json(instance));
  const auto& stats = report.connections;
  const auto& options = report.imds_options;
  const Json json = {
      {"version", IMDSD_VERSION},
      {"pid", report.pid},
      {"started", aws::format_iso8601(report.started)},
      {"auth_mode", to_string(report.auth_mode)},
      {"imds",
       {{"listen", addresses(report.imds_listen)},
        {"http_tokens", tokens_text(options)},
        {"http_endpoint", endpoint_text(options)},
        {"hop_limit", options.hop_limit},
        {"unknown_peer",
         report.routes.unknown_peer == imds::UnknownPeer::refuse ? "refuse" : "default"},
        {"trusted_proxies", networks(report.routes.trusted_proxies)},
        {"instance_header", report.routes.instance_header}}},
      {"aws",
       {{"listen", addresses(report.aws_listen)},
        {"tls_listen", addresses(report.aws_tls_listen)},
        {"account_id", report.account_id},
        {"region", report.region},
        {"services", Json::array({"sts", "iam", "s3", "ec2"})}}},
      {"admin", {{"listen", addresses(report.admin_listen)}}},
      {"console", {{"listen", addresses(report.console_listen)}}},
      {"instances", instances},
      {"containers", containers_json(report)},
      {"connections",
       {{"open", stats.connections_open},
        {"accepted", stats.connections_accepted},
        {"refused", stats.connections_refused},
        {"requests", stats.requests},
        {"bad_requests", stats.bad_requests}}}};
  return dump(json);
}

base::Result<std::string> env_json(const StatusReport& report, const std::string& instance) {
  const bool named = !instance.empty();
  // Where all have addresses of their own alone, the default instance's are meant.
  const auto one = std::find_if(report.instances.begin(), report.instances.end(),
                                [&](const auto& each) { return named || each.is_default; });
  const bool shared = !named && (!report.imds_listen.empty() || one == report.instances.end());
  const auto& imds_listen = shared ? report.imds_listen : listeners_of(*one, report);
  if (named && imds_listen.empty()) {
    return base::fail(base::Errc::not_found,
                      "instance `" + instance +
                          "` has no address of its own: use `imdsctl exec --netns`, or give it "
                          "`listen`; its `peers` reach it through imds.listen");
  }
  Json json = Json::object();
  Json hosts = Json::array();
  const auto add = [&](const char* name, const auto& listeners, const char* scheme,
                       const char* tail) {
    const auto* listener = best_listener(listeners);
    if (!listener) return;
    const auto address = reachable(*listener);
    json[name] = scheme + address.to_string() + tail;
    const auto host = address.ip.to_string();
    if (std::find(hosts.begin(), hosts.end(), Json(host)) == hosts.end()) hosts.push_back(host);
  };
  add("metadata_endpoint", imds_listen, "http://", "/");
  add("aws_endpoint", report.aws_listen, "http://", "");
  add("aws_tls_endpoint", report.aws_tls_listen, "https://", "");
  json["region"] = report.region;
  json["hosts"] = hosts;
  json["credentials_file"] = report.credentials_file;
  if (!report.lent_socket.empty()) json["lent_socket"] = report.lent_socket;
  if (!report.aws_tls_listen.empty()) json["ca_file"] = report.ca_file;
  return dump(json);
}

std::string_view to_string(InstanceStatus::State state) noexcept {
  switch (state) {
    case InstanceStatus::State::none:
      return "none";
    case InstanceStatus::State::valid:
      return "valid";
    case InstanceStatus::State::failed:
      return "failed";
    case InstanceStatus::State::expired:
      return "expired";
  }
  return "none";
}

std::string endpoint_url(std::string_view scheme,
                         const std::vector<base::SocketAddress>& listeners) {
  const auto* const best = best_listener(listeners);
  return best == nullptr ? "" : std::string(scheme) + reachable(*best).to_string();
}

base::SocketAddress reachable(const base::SocketAddress& listener) {
  if (!listener.ip.is_unspecified()) return listener;
  std::array<std::uint8_t, 16> v6_loopback{};
  v6_loopback[15] = 1;
  return {listener.ip.is_v6() ? base::IpAddress::from_v6(v6_loopback)
                              : base::IpAddress::from_v4({127, 0, 0, 1}),
          listener.port};
}

}  // namespace imdsd::daemon
