// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <charconv>

#include "base/codec.h"
#include "base/url.h"
#include "cli/aws_cli_version.h"
#include "cli/diagnosis.h"
#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

using Level = Finding::Level;

constexpr const char* kClearsAll = "eval \"$(imdsctl env)\"   # or unset it";

bool is_set(const ClientFacts& client, const std::string& name) {
  return base::find_variable(client.environment, name).has_value();
}

/// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html: what a provider
/// chain asks before the instance's metadata.
void judge_variables(const ClientFacts& client, std::vector<Finding>& out) {
  const auto hidden = [&](const char* name, const char* what) {
    if (!is_set(client, name)) return;
    out.push_back({Level::problem, "hidden-by-variable",
                   std::string(name) + " is set: " + what + " come before the instance's role",
                   kClearsAll});
  };
  hidden("AWS_ACCESS_KEY_ID", "static keys");
  hidden("AWS_WEB_IDENTITY_TOKEN_FILE", "credentials of a web identity");
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (base::find_variable(client.environment, name) == "imdsd-admin") {
      out.push_back({Level::note, "administrator",
                     std::string(name) + " is that of imdsd's administrator: this shell is the "
                                         "administrator, not the instance",
                     "eval \"$(imdsctl env)\""});
    } else {
      hidden(name, "the credentials of a profile");
    }
  }
  const auto disabled = base::find_variable(client.environment, "AWS_EC2_METADATA_DISABLED");
  if (disabled && base::equals_ignoring_case(*disabled, "true")) {
    out.push_back({Level::problem, "metadata-disabled",
                   "AWS_EC2_METADATA_DISABLED is true: clients do not ask the metadata service",
                   kClearsAll});
  }
}

/// Container credentials come before the instance's too; those of our own doors are what somebody
/// wanted.
void judge_container_variables(const Situation& situation, std::vector<Finding>& out) {
  const auto& client = situation.client;
  for (const char* name :
       {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"}) {
    const auto value = base::find_variable(client.environment, name);
    if (!value) continue;
    const bool relative = value->starts_with('/');
    const auto url = base::Url::parse(relative ? "http://169.254.170.2" + *value : *value);
    const auto ip = url ? url->literal() : std::nullopt;
    const auto& doors = situation.daemon.doors;
    const auto is_door = [&](const auto& each) { return each.port == url->port; };
    const bool door = url && url->is_loopback() &&
                      (std::any_of(doors.ecs.begin(), doors.ecs.end(), is_door) ||
                       std::any_of(doors.eks.begin(), doors.eks.end(), is_door));
    const bool ours = door || (ip && !ip->is_loopback() && reach::is_ours(situation.machine, *ip));
    if (ours) {
      out.push_back({Level::note, "container-door",
                     std::string(name) + " leads to imdsd: clients take its credentials for "
                                         "containers",
                     ""});
    } else {
      out.push_back({Level::problem, "hidden-by-variable",
                     std::string(name) +
                         " is set: credentials of a container come before the instance's role",
                     kClearsAll});
    }
  }
}

void judge_profiles(const ClientFacts& client, std::vector<Finding>& out) {
  constexpr std::array<std::string_view, 6> kSources = {
      "aws_access_key_id", "credential_process", "role_arn",
      "sso_session",       "sso_start_url",      "web_identity_token_file"};
  for (const auto& profile : client.profiles) {
    for (const auto source : kSources) {
      if (std::count(profile.settings.begin(), profile.settings.end(), source) == 0) continue;
      out.push_back({Level::problem, "hidden-by-profile",
                     "`" + profile.file + "` has " + std::string(source) + " in the profile `" +
                         client.profile + "`: it comes before the instance's role",
                     "eval \"$(imdsctl env)\"   # it names other files"});
      break;
    }
  }
}

/// As urllib, which botocore asks: whole names and their tails, no networks.
bool is_excepted(std::string_view list, std::string_view host) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto entry = base::trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    while (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry == "*" || base::equals_ignoring_case(entry, host)) return true;
  }
  return false;
}

void judge_proxies(const ClientFacts& client, std::vector<Finding>& out) {
  const auto url = base::Url::parse(client_url(client.environment));
  if (!url) return;
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (!is_set(client, name)) continue;
    const auto lower = base::find_variable(client.environment, "no_proxy");
    const auto upper = base::find_variable(client.environment, "NO_PROXY");
    const auto list = lower ? lower : upper;
    if (list && is_excepted(*list, url->host)) return;
    out.push_back({Level::problem, "proxy",
                   std::string(name) + " is set, and no_proxy does not except " + url->host +
                       ": clients send their requests for the role's credentials to the proxy",
                   "eval \"$(imdsctl env)\"   # or: export no_proxy=" + url->host +
                       " NO_PROXY=" + url->host});
    return;
  }
}

/// The two first numbers of "1.31.4".
std::optional<std::pair<unsigned, unsigned>> parse_version(std::string_view text) {
  std::pair<unsigned, unsigned> out;
  const auto* end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, out.first);
  if (error != std::errc() || dot == end || *dot != '.') return std::nullopt;
  if (std::from_chars(dot + 1, end, out.second).ec != std::errc()) return std::nullopt;
  return out;
}

void judge_versions(const Situation& situation, std::vector<Finding>& out) {
  const auto& client = situation.client;
  if (client.aws_version) {
    if (const auto warning = aws_cli_warning(*client.aws_version, situation.daemon.aws_endpoint)) {
      const auto line = warning->find("; with it, write\n  ");
      out.push_back({Level::note, "old-cli", warning->substr(0, line),
                     line == std::string::npos ? "" : warning->substr(warning->find('\n') + 3)});
    }
  }
  if (!client.botocore_version) return;
  const auto version = parse_version(*client.botocore_version);
  if (!version) return;
  const auto name = "the botocore of python3 on PATH is " + *client.botocore_version;
  // https://github.com/boto/botocore/blob/develop/.changes/1.19.0.json
  if (*version < std::pair{1U, 19U} && is_set(client, kEndpointVariable)) {
    out.push_back({Level::problem, "old-sdk", name + ", which does not know " + kEndpointVariable,
                   "sudo imdsctl up   # or: pip install --upgrade boto3"});
  } else if (*version < std::pair{1U, 31U}) {
    out.push_back({Level::note, "old-sdk",
                   name + ", which does not know AWS_ENDPOINT_URL (1.31 is the first that does)",
                   "pass endpoint_url to the clients, or: pip install --upgrade boto3"});
  }
}

}  // namespace

void diagnose_client(const Situation& situation, std::vector<Finding>& out) {
  judge_variables(situation.client, out);
  judge_container_variables(situation, out);
  judge_profiles(situation.client, out);
  judge_proxies(situation.client, out);
  judge_versions(situation, out);
  const auto endpoint = base::find_variable(situation.client.environment, kEndpointVariable);
  if (endpoint && !endpoint->ends_with('/')) {
    out.push_back(
        {Level::note, "no-slash",
         std::string(kEndpointVariable) + " does not end in a slash: older CLIs glue the path on",
         "eval \"$(imdsctl env)\""});
  }
}

}  // namespace imdsd::cli
