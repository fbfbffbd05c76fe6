// SPDX-License-Identifier: MIT
#include "cli/client_environment.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/codec.h"

namespace imdsd::cli {
namespace {

// https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html: everything that comes
// before the instance's role in a provider chain, or turns the metadata service off.
constexpr const char* kUnset[] = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",  // boto 2's name of the session token; botocore still reads it
    "AWS_ACCESS_KEY",      // the SDK for Java 1.x reads these two as well
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "ECS_CONTAINER_METADATA_URI",  // what `imdsctl env --ecs` may have set
    "ECS_CONTAINER_METADATA_URI_V4",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_V1_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
};
/// Families without an end: what is set of them is unset.
constexpr std::string_view kUnsetPrefixes[] = {"AWS_CONTAINER_", "AWS_ENDPOINT_URL_"};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    const auto piece = base::trim(text.substr(0, end));
    if (!piece.empty()) out.emplace_back(piece);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string join(const std::vector<std::string>& pieces, char separator) {
  std::string out;
  for (const auto& piece : pieces) {
    if (!out.empty()) out += separator;
    out += piece;
  }
  return out;
}

/// What is in `name`, else in its twin: a client reads one of the two, and must find the old hosts
/// there.
std::string proxy_exceptions(const base::Environment& current, const std::string& name,
                             const std::string& twin, const std::vector<std::string>& hosts) {
  auto given = base::find_variable(current, name);
  if (!given) given = base::find_variable(current, twin);
  auto list = split(given.value_or(""), ',');
  for (const auto& host : hosts) {
    const bool covered = std::any_of(list.begin(), list.end(), [&](const auto& each) {
      return each == "*" || base::equals_ignoring_case(each, host);
    });
    if (!covered) list.push_back(host);
  }
  return join(list, ',');
}

std::string java_options(const base::Environment& current, const DaemonEndpoints& daemon) {
  // The SDK for Java 1.x appends "/latest/…" by itself.
  std::string endpoint = daemon.metadata_endpoint;
  if (endpoint.ends_with('/')) endpoint.pop_back();
  const std::string names[] = {"-Dcom.amazonaws.sdk.ec2MetadataServiceEndpointOverride=",
                               "-Daws.ec2MetadataServiceEndpoint="};
  std::vector<std::string> options;
  for (auto& old : split(base::find_variable(current, "JAVA_TOOL_OPTIONS").value_or(""), ' ')) {
    const bool ours = old.starts_with(names[0]) || old.starts_with(names[1]);
    if (!ours) options.push_back(std::move(old));
  }
  for (const auto& name : names) options.push_back(name + endpoint);
  return join(options, ' ');
}

}  // namespace

base::Result<DaemonEndpoints> DaemonEndpoints::parse(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const auto bad = base::fail(base::Errc::corrupt,
                              "imdsd's answer cannot be read: is it of version " IMDSD_VERSION "?");
  if (!json.is_object()) return bad;
  DaemonEndpoints out;
  const auto read = [&](const char* name, std::string& value) {
    if (!json.contains(name) || !json[name].is_string()) return false;
    value = json[name].get<std::string>();
    return !value.empty();
  };
  if (!read("metadata_endpoint", out.metadata_endpoint) ||
      !read("aws_endpoint", out.aws_endpoint) || !read("region", out.region) ||
      !read("credentials_file", out.credentials_file)) {
    return bad;
  }
  read("lent_socket", out.lent_socket);
  if (read("aws_tls_endpoint", out.aws_tls_endpoint) && !read("ca_file", out.ca_file)) return bad;
  if (!json.contains("hosts") || !json["hosts"].is_array()) return bad;
  for (const auto& host : json["hosts"]) {
    if (!host.is_string()) return bad;
    out.hosts.push_back(host.get<std::string>());
  }
  return out;
}

std::vector<Variable> client_environment(const DaemonEndpoints& daemon,
                                         const base::Environment& current, Audience audience) {
  std::vector<Variable> out = {
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT", daemon.metadata_endpoint},
      {"AWS_ENDPOINT_URL", audience.tls ? daemon.aws_tls_endpoint : daemon.aws_endpoint},
      {"AWS_REGION", daemon.region},
      {"AWS_DEFAULT_REGION", daemon.region},  // boto3 reads this one only
      // A profile, even an empty [default] with a role, would come before the metadata service.
      {"AWS_SHARED_CREDENTIALS_FILE", audience.admin ? daemon.credentials_file : "/dev/null"},
      {"AWS_CONFIG_FILE", "/dev/null"},
      {"no_proxy", proxy_exceptions(current, "no_proxy", "NO_PROXY", daemon.hosts)},
      {"NO_PROXY", proxy_exceptions(current, "NO_PROXY", "no_proxy", daemon.hosts)},
  };
  if (audience.tls) {
    out.push_back({"AWS_CA_BUNDLE", daemon.ca_file});
    out.push_back({"NODE_EXTRA_CA_CERTS", daemon.ca_file});  // Node.js reads no AWS_CA_BUNDLE
  }
  if (audience.java) out.push_back({"JAVA_TOOL_OPTIONS", java_options(current, daemon)});
  std::set<std::string> unset(std::begin(kUnset), std::end(kUnset));
  if (audience.admin) {
    unset.erase("AWS_PROFILE");
    out.push_back({"AWS_PROFILE", "imdsd-admin"});
  }
  for (const auto& [name, value] : current) {
    for (const auto prefix : kUnsetPrefixes) {
      if (name.starts_with(prefix)) unset.insert(name);
    }
  }
  for (const auto& name : unset) out.push_back({name, std::nullopt});
  return out;
}

}  // namespace imdsd::cli
