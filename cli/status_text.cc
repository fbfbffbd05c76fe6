// SPDX-License-Identifier: MIT
#include "cli/status_text.h"

#include <algorithm>
#include <vector>

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

/// Nothing where the id is the name.
std::string name_of(const Json& instance) {
  const std::string name = text(instance, "name");
  return name == "-" || name == text(instance, "id") ? "" : name;
}

std::string labelled(const char* label, const std::string& value) {
  return value.empty() ? "" : label + value + "\n";
}

std::string instance_text(const Json& instance) {
  const std::string name = name_of(instance);
  std::string out = "instance  " + name + (name.empty() ? "" : "  ") + text(instance, "id") + "  " +
                    text(instance, "type") + "  " + text(instance, "availability_zone") + "\n";
  out += labelled("  listen       ", list(part(instance, "listen")));
  out += labelled("  peers        ", list(part(instance, "peers")));
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

/// One of many, in a line.
std::string instance_line(const Json& instance, std::size_t width) {
  std::string name = name_of(instance);
  if (name.empty()) name = text(instance, "id");
  name.resize(std::max(width, name.size()), ' ');
  std::string out = "  " + name + "  " + text(instance, "id") + "  role " + text(instance, "role") +
                    "  " + text(instance, "state");
  if (!part(instance, "expiration").is_null()) out += " until " + text(instance, "expiration");
  if (!part(instance, "error").is_null()) out += "  " + text(instance, "error");
  return out + "\n";
}

/// A few in full. Of many a line each, those in trouble first, and not more than a screen has.
std::string instances_text(const Json& instances) {
  constexpr std::size_t kInFull = 3, kLines = 20;
  std::string out;
  if (instances.size() <= kInFull) {
    for (const auto& instance : instances) out += instance_text(instance);
    return out;
  }
  std::vector<const Json*> order;
  for (const auto& instance : instances) order.push_back(&instance);
  const auto fine = std::stable_partition(
      order.begin(), order.end(), [](const Json* each) { return !part(*each, "error").is_null(); });
  const auto in_trouble = static_cast<std::size_t>(fine - order.begin());
  const std::size_t shown = std::min(order.size(), kLines);
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, name_of(*order[i]).size());
  out = "instances " + std::to_string(order.size()) + ", " + std::to_string(in_trouble) +
        " with errors\n";
  for (std::size_t i = 0; i < shown; ++i) out += instance_line(*order[i], width);
  if (shown < order.size()) {
    out += "  and " + std::to_string(order.size() - shown) +
           " more: `imdsctl status --instance NAME`, or `--json`\n";
  }
  return out;
}

/// Nothing where no door for containers is open and no container has a role.
std::string containers_text(const Json& containers) {
  std::string out = labelled("ECS       ", list(part(containers, "ecs_listen")));
  out += labelled("EKS       ", list(part(containers, "eks_listen")));
  for (const auto& holder : part(containers, "holders")) {
    out +=
        "  " + text(holder, "id") + "  role " + text(holder, "role") + "  " + text(holder, "state");
    if (!part(holder, "expiration").is_null()) out += " until " + text(holder, "expiration");
    if (!part(holder, "error").is_null()) out += "  " + text(holder, "error");
    out += "\n";
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
  out += labelled("AWS TLS   ", list(part(aws, "tls_listen")));
  out += labelled("admin     ", list(part(part(json, "admin"), "listen")));
  out += labelled("console   ", list(part(part(json, "console"), "listen")));
  out += instances_text(part(json, "instances"));
  out += containers_text(part(json, "containers"));
  return out + "served    " + text(connections, "requests") + " requests, " +
         text(connections, "open") + " of " + text(connections, "accepted") +
         " connections open, " + text(connections, "refused") + " refused, " +
         text(connections, "bad_requests") + " bad requests\n";
}

}  // namespace imdsd::cli
