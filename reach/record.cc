// SPDX-License-Identifier: MIT
#include "reach/record.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace imdsd::reach {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::ordered_json;
using Kind = Step::Kind;

constexpr int kVersion = 1;
constexpr std::size_t kMaxSteps = 64;

struct KindName {
  Kind kind;
  std::string_view name;
};
constexpr std::array<KindName, 6> kKinds = {{{Kind::nft_table, "nft-table"},
                                             {Kind::iptables_chain, "iptables-chain"},
                                             {Kind::route_localnet, "route-localnet"},
                                             {Kind::link, "link"},
                                             {Kind::link_up, "link-up"},
                                             {Kind::address, "address"}}};

Json to_value(const Step& step) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& each) { return each.kind == step.kind; });
  Json out = {{"kind", found->name}};
  if (!step.interface.empty()) out["interface"] = step.interface;
  if (step.address) out["address"] = step.address->to_string();
  if (!step.table.empty()) {
    out["table"] = step.table;
    out["ipv6"] = step.ipv6;
  }
  if (step.rules == Rules{}) return out;
  out["bridge"] = step.rules.bridge;
  out["ways"] = Json::array();
  for (const auto& way : step.rules.ways) {
    Json value = {{"address", way.address.to_string()}};
    if (way.to) value["to"] = way.to->to_string();
    out["ways"].push_back(std::move(value));
  }
  return out;
}

/// A member that is a string; empty where there is none.
Result<std::string> text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return std::string();
  if (found->is_string()) return found->get<std::string>();
  return fail(Errc::corrupt, std::string(name) + ": not a string");
}

Result<std::string> interface_of(const Json& object, const char* name) {
  IMDSD_TRY(auto text, text_of(object, name));
  if (text.empty() || is_interface_name(text)) return text;
  return fail(Errc::corrupt, std::string(name) + ": no name of an interface");
}

Result<Way> parse_way(const Json& value) {
  if (!value.is_object()) return fail(Errc::corrupt, "ways: not an object");
  IMDSD_TRY(const auto address, text_of(value, "address"));
  IMDSD_TRY(const auto to, text_of(value, "to"));
  IMDSD_TRY(const auto ip, base::IpAddress::parse(address));
  Way way{ip, std::nullopt};
  if (to.empty()) return way;
  IMDSD_TRY(way.to, base::SocketAddress::parse(to));
  return way;
}

Result<Rules> parse_rules(const Json& value) {
  Rules rules;
  IMDSD_TRY(rules.bridge, interface_of(value, "bridge"));
  const auto ways = value.find("ways");
  if (ways == value.end()) return rules;
  if (!ways->is_array()) return fail(Errc::corrupt, "ways: not an array");
  for (const auto& each : *ways) {
    IMDSD_TRY(const auto way, parse_way(each));
    rules.ways.push_back(way);
  }
  return rules;
}

/// What the kind cannot do without.
bool is_whole(const Step& step) {
  const bool tables = step.table == "filter" || step.table == "raw" || step.table == "nat";
  switch (step.kind) {
    case Kind::nft_table:
      return !step.rules.ways.empty();
    case Kind::iptables_chain:
      return !step.rules.ways.empty() && tables &&
             (step.table != "raw" || !step.rules.bridge.empty());
    case Kind::address:
      return !step.interface.empty() && step.address.has_value();
    case Kind::route_localnet:
    case Kind::link:
    case Kind::link_up:
      break;
  }
  return !step.interface.empty();
}

Result<Step> parse_step(const Json& value) {
  if (!value.is_object()) return fail(Errc::corrupt, "not an object");
  IMDSD_TRY(const auto kind, text_of(value, "kind"));
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& each) { return each.name == kind; });
  if (found == kKinds.end()) return fail(Errc::corrupt, "unknown kind `" + kind + "`");
  Step step{.kind = found->kind};
  IMDSD_TRY(step.interface, interface_of(value, "interface"));
  IMDSD_TRY(step.table, text_of(value, "table"));
  IMDSD_TRY(const auto address, text_of(value, "address"));
  if (!address.empty()) {
    IMDSD_TRY(step.address, base::IpAddress::parse(address));
  }
  IMDSD_TRY(step.rules, parse_rules(value));
  const auto ipv6 = value.find("ipv6");
  if (ipv6 != value.end() && !ipv6->is_boolean()) return fail(Errc::corrupt, "ipv6: not a boolean");
  step.ipv6 = ipv6 != value.end() && ipv6->get<bool>();
  if (!is_whole(step)) return fail(Errc::corrupt, "`" + kind + "` is not whole");
  return step;
}

}  // namespace

bool is_interface_name(std::string_view name) {
  constexpr std::size_t kMax = 15;  // IFNAMSIZ without its NUL
  if (name.empty() || name.size() > kMax || name == "." || name == ".." || name[0] == '-') {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '@';
  });
}

std::string to_json(const Record& record) {
  Json json = {{"version", kVersion}, {"boot_id", record.boot_id}, {"steps", Json::array()}};
  for (const auto& step : record.steps) json["steps"].push_back(to_value(step));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Record> parse_record(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(Errc::corrupt, "not a JSON object");
  const auto version = json.find("version");
  if (version == json.end() || *version != kVersion) {
    return fail(Errc::corrupt, "version: not " + std::to_string(kVersion));
  }
  Record record;
  IMDSD_TRY(record.boot_id, text_of(json, "boot_id"));
  const auto steps = json.find("steps");
  if (steps == json.end() || !steps->is_array() || steps->size() > kMaxSteps) {
    return fail(Errc::corrupt, "steps: not an array of them");
  }
  for (const auto& value : *steps) {
    auto step = parse_step(value);
    if (!step) {
      return base::fail_in("step " + std::to_string(record.steps.size() + 1), step.error());
    }
    record.steps.push_back(*std::move(step));
  }
  return record;
}

}  // namespace imdsd::reach
