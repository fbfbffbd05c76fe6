// SPDX-License-Identifier: MIT
// The ledger as JSON. Every member is required and nothing else is taken: the file is ours alone.
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "aws/time_format.h"
#include "base/codec.h"
#include "daemon/instance_ledger.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

tl::unexpected<base::Error> corrupt(std::string message) {
  return fail(Errc::corrupt, std::move(message));
}

/// One object, read member by member. The first thing that is wrong is kept, and what is read from
/// then on does not matter.
class Reader {
 public:
  Reader(const Json& json, std::string what) : json_(json), what_(std::move(what)) {
    if (!json.is_object()) wrong("is no object");
  }

  void read(const char* name, std::string& out) {
    const Json* member = find(name);
    if (member == nullptr) return;
    if (!member->is_string()) return wrong_member(name);
    out = member->get<std::string>();
  }
  void read(const char* name, bool& out) {
    const Json* member = find(name);
    if (member == nullptr) return;
    if (!member->is_boolean()) return wrong_member(name);
    out = member->get<bool>();
  }
  void read(const char* name, std::vector<std::string>& out) {
    const Json* member = find(name);
    if (member == nullptr) return;
    if (!member->is_array()) return wrong_member(name);
    for (const Json& each : *member) {
      if (!each.is_string()) return wrong_member(name);
      out.push_back(each.get<std::string>());
    }
  }
  void read(const char* name, base::SystemTime& out) {
    std::string text;
    read(name, text);
    const auto time = aws::parse_iso8601(text);
    if (!time) return wrong_member(name);
    out = *time;
  }
  void read(const char* name, ec2::MetadataOptions& out) {
    constexpr int kMaxHopLimit = 64;
    const Json* member = find(name);
    if (member == nullptr) return;
    Reader options(*member, what_ + ": " + name);
    options.read("tokens_required", out.tokens_required);
    options.read("endpoint_enabled", out.endpoint_enabled);
    options.read("tags_in_metadata", out.tags_in_metadata);
    const Json* hops = options.find("hop_limit");
    if (hops != nullptr && hops->is_number_integer() && *hops >= 1 && *hops <= kMaxHopLimit) {
      out.hop_limit = hops->get<int>();
    } else if (hops != nullptr) {
      options.wrong_member("hop_limit");
    }
    take_error(options.done());
  }
  void read(const char* name, ec2::Tags& out) {
    const Json* member = find(name);
    if (member == nullptr) return;
    if (!member->is_object()) return wrong_member(name);
    for (const auto& [key, value] : member->items()) {
      if (!value.is_string()) return wrong_member(name);
      out.emplace_back(key, value.get<std::string>());
    }
  }
  /// Bytes that may not be text, in base64.
  void read_bytes(const char* name, std::string& out) {
    read(name, out);
    auto bytes = base::base64_decode(out);
    if (!bytes) return wrong_member(name);
    out = *std::move(bytes);
  }
  /// "now" and "over" of any kind.
  template <class Change>
  void read_change(const char* name, std::optional<Change>& out) {
    if (!has(name)) return;
    const Json* member = find(name);
    if (member == nullptr) return;
    Reader reader(*member, what_ + ": " + name);
    out.emplace();
    reader.read("now", out->now);
    reader.read("over", out->over);
    if constexpr (std::is_same_v<Change, InstanceChange::Profile>) {
      reader.read("association_id", out->association_id);
    }
    take_error(reader.done());
  }
  [[nodiscard]] bool has(const char* name) const {
    return json_.is_object() && json_.contains(name);
  }
  /// The first error; else one for members that nobody asked for.
  [[nodiscard]] Result<void> done() {
    if (!error_ && json_.size() != seen_) wrong("has members that it should not have");
    if (error_) return tl::unexpected(*error_);
    return {};
  }

 private:
  const Json* find(const char* name) {
    if (error_) return nullptr;
    const auto found = json_.find(name);
    if (found == json_.end()) {
      wrong("has no `" + std::string(name) + "`");
      return nullptr;
    }
    ++seen_;
    return &*found;
  }
  void take_error(const Result<void>& outcome) {
    if (!outcome && !error_) error_ = outcome.error();
  }
  void wrong_member(const char* name) { wrong("has a wrong `" + std::string(name) + "`"); }
  void wrong(const std::string& how) {
    if (!error_) error_ = base::Error{Errc::corrupt, what_ + " " + how};
  }

  const Json& json_;
  std::string what_;
  std::size_t seen_ = 0;
  std::optional<base::Error> error_;
};

Json print_options(const ec2::MetadataOptions& options) {
  return {{"tokens_required", options.tokens_required},
          {"endpoint_enabled", options.endpoint_enabled},
          {"tags_in_metadata", options.tags_in_metadata},
          {"hop_limit", options.hop_limit}};
}

Json print_tags(const ec2::Tags& tags) {
  Json out = Json::object();
  for (const auto& [key, value] : tags) out[key] = value;
  return out;
}

Json print_change(const InstanceChange& change) {
  Json out = Json::object();
  if (const auto& profile = change.profile) {
    out["profile"] = {{"now", profile->now},
                      {"association_id", profile->association_id},
                      {"over", profile->over}};
  }
  if (const auto& options = change.options) {
    out["options"] = {{"now", print_options(options->now)}, {"over", print_options(options->over)}};
  }
  if (const auto& tags = change.tags) {
    out["tags"] = {{"now", print_tags(tags->now)}, {"over", print_tags(tags->over)}};
  }
  return out;
}

Result<InstanceChange> read_change(const Json& json, const std::string& what) {
  InstanceChange change;
  Reader reader(json, what);
  reader.read_change("profile", change.profile);
  reader.read_change("options", change.options);
  reader.read_change("tags", change.tags);
  IMDSD_TRY_VOID(reader.done());
  if (change.empty()) return corrupt(what + " changes nothing");
  return change;
}

Json print_run(const RunInstance& i) {
  Json out = {{"account", i.account},
              {"region", i.region},
              {"reservation_id", i.reservation_id},
              {"launched", aws::format_iso8601(i.launched)},
              {"launch_index", i.launch_index},
              {"image_id", i.image_id},
              {"type", i.type},
              {"zone", i.zone},
              {"subnet_id", i.subnet_id},
              {"private_ip", i.private_ip},
              {"placement_group", i.placement_group},
              {"group_names", i.group_names},
              {"group_ids", i.group_ids},
              {"key_name", i.key_name},
              {"openssh_key", i.openssh_key},
              {"monitoring", i.monitoring},
              {"termination_protected", i.termination_protected},
              {"client_token", i.client_token},
              {"digest", i.digest},
              {"profile", i.profile},
              {"association_id", i.association_id},
              {"options", print_options(i.options)},
              {"tags", print_tags(i.tags)}};
  if (i.user_data) out["user_data"] = base::base64_encode(*i.user_data);
  if (i.stopped) out["stopped"] = true;
  if (i.terminated) out["terminated"] = aws::format_iso8601(*i.terminated);
  return out;
}

Result<RunInstance> read_run(const Json& json, const std::string& id) {
  RunInstance i;
  i.id = id;
  Reader reader(json, "instance `" + id + "`");
  reader.read("account", i.account);
  reader.read("region", i.region);
  reader.read("reservation_id", i.reservation_id);
  reader.read("launched", i.launched);
  reader.read("launch_index", i.launch_index);
  reader.read("image_id", i.image_id);
  reader.read("type", i.type);
  reader.read("zone", i.zone);
  reader.read("subnet_id", i.subnet_id);
  reader.read("private_ip", i.private_ip);
  reader.read("placement_group", i.placement_group);
  reader.read("group_names", i.group_names);
  reader.read("group_ids", i.group_ids);
  reader.read("key_name", i.key_name);
  reader.read("openssh_key", i.openssh_key);
  reader.read("monitoring", i.monitoring);
  reader.read("termination_protected", i.termination_protected);
  reader.read("client_token", i.client_token);
  reader.read("digest", i.digest);
  reader.read("profile", i.profile);
  reader.read("association_id", i.association_id);
  reader.read("options", i.options);
  reader.read("tags", i.tags);
  if (reader.has("user_data")) reader.read_bytes("user_data", i.user_data.emplace());
  if (reader.has("stopped")) reader.read("stopped", i.stopped);
  if (reader.has("terminated")) reader.read("terminated", i.terminated.emplace());
  IMDSD_TRY_VOID(reader.done());
  return i;
}

}  // namespace

std::string InstanceLedger::print() const {
  Json changes = Json::object(), runs = Json::object();
  for (const auto& [id, change] : changed) changes[id] = print_change(change);
  for (const auto& [id, instance] : run) runs[id] = print_run(instance);
  return Json({{"version", kVersion}, {"changed", std::move(changes)}, {"run", std::move(runs)}})
             .dump(1) +
         "\n";
}

Result<InstanceLedger> InstanceLedger::parse(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer()) {
    return corrupt("it is not what imdsd writes");
  }
  if (json["version"] != kVersion) {
    return corrupt("its version is " + json["version"].dump() + ", and this imdsd reads version " +
                   std::to_string(kVersion));
  }
  if (json.size() != 3 || !json.contains("changed") || !json["changed"].is_object() ||
      !json.contains("run") || !json["run"].is_object()) {
    return corrupt("it is not what imdsd writes");
  }
  InstanceLedger ledger;
  for (const auto& [id, change] : json["changed"].items()) {
    IMDSD_TRY(ledger.changed[id], read_change(change, "instance `" + id + "`"));
  }
  for (const auto& [id, instance] : json["run"].items()) {
    IMDSD_TRY(ledger.run[id], read_run(instance, id));
  }
  return ledger;
}

}  // namespace imdsd::daemon
