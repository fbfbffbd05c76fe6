// SPDX-License-Identifier: MIT
#include "cli/status_text.h"

#include <nlohmann/json.hpp>

namespace imdsd::cli {
namespace {

using Json = nlohmann::json;

/// Text of a string or number; "-" for null and for what is not there.
std::string text(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (!object.is_object() || found == object.end() || found->is_null()) return "-";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

const Json& part(const Json& object, const char* name) {
  static const Json kNothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return !object.is_object() || found == object.end() ? kNothing : *found;
}

std::string list(const Json& array) {
  std::string out;
  for (const auto& item : array) {
    if (!out.empty()) out += ' ';
    out += item.is_string() ? item.get<std::string>() : item.dump();
  }
  return out;
}

std::string instance_text(const Json& instance) {
  std::string out = "instance  " + text(instance, "id") + "  " + text(instance, "type") + "  " +
                    text(instance, "availability_zone") + "\n";
  out += "  role         " + text(instance, "role") + "\n";
  out += "  credentials  " + text(instance, "state");
  if (!part(instance, "expiration").is_null()) {
    out += ", expiration " + text(instance, "expiration");
  }
  if (!part(instance, "next_rotation").is_null()) {
    out += ", next rotation " + text(instance, "next_rotation");
  }
  const auto& keys = part(instance, "access_key_ids");
  out +=
      "\n  access keys  IMDSv1 " + text(keys, "imdsv1") + ", IMDSv2 " + text(keys, "imdsv2") + "\n";
  if (!part(instance, "error").is_null()) {
    out += "  error        " + text(instance, "error") + "\n";
  }
  return out;
}

}  // namespace

base::Result<std::string> status_text(std::string_view body) {
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) {
    return base::fail(base::Errc::corrupt, "imdsd's answer cannot be read");
  }
  const auto& imds = part(json, "imds");
  const auto& aws = part(json, "aws");
  const auto& connections = part(json, "connections");
  std::string out = "imdsd " + text(json, "version") + "  process " + text(json, "pid") +
                    "  since " + text(json, "started") + "  auth.mode " + text(json, "auth_mode") +
                    "\n";
  out += "IMDS      " + list(part(imds, "listen")) + "  " + text(imds, "http_endpoint") +
         ", IMDSv2 " + text(imds, "http_tokens") + ", hop limit " + text(imds, "hop_limit") + "\n";
  out += "AWS       " + list(part(aws, "listen")) + "  " + list(part(aws, "services")) +
         "  account " + text(aws, "account_id") + "  " + text(aws, "region") + "\n";
  for (const auto& instance : part(json, "instances")) out += instance_text(instance);
  return out + "served    " + text(connections, "requests") + " requests, " +
         text(connections, "open") + " of " + text(connections, "accepted") +
         " connections open, " + text(connections, "refused") + " refused, " +
         text(connections, "bad_requests") + " bad requests\n";
}

}  // namespace imdsd::cli
