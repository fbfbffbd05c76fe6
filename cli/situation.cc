// SPDX-License-Identifier: MIT
#include "cli/situation.h"

#include <nlohmann/json.hpp>

#include "cli/up_options.h"

namespace imdsd::cli {
namespace {

using Json = nlohmann::json;

std::string text(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

}  // namespace

base::Result<DaemonFacts> parse_daemon_facts(std::string_view status, std::string_view env) {
  const auto json = Json::parse(status, nullptr, false);
  if (!json.is_object()) {
    return base::fail(base::Errc::corrupt, "imdsd's answer cannot be read");
  }
  DaemonFacts out;
  out.running = true;
  out.version = text(json, "version");
  IMDSD_TRY(out.doors, parse_doors(status));
  const auto imds = json.value("imds", Json::object());
  out.http_endpoint = text(imds, "http_endpoint") != "disabled";
  out.tokens_required = text(imds, "http_tokens") == "required";
  if (imds.is_object() && imds.contains("hop_limit") && imds["hop_limit"].is_number_integer()) {
    out.hop_limit = imds["hop_limit"].get<int>();
  }
  if (json.contains("instances") && json["instances"].is_array()) {
    for (const auto& each : json["instances"]) {
      out.instances.push_back(
          {text(each, "id"), text(each, "role"), text(each, "state"), text(each, "error")});
    }
  }
  const auto endpoints = Json::parse(env, nullptr, false);
  out.metadata_endpoint = text(endpoints, "metadata_endpoint");
  out.aws_endpoint = text(endpoints, "aws_endpoint");
  return out;
}

}  // namespace imdsd::cli
