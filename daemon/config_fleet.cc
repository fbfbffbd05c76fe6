// SPDX-License-Identifier: MIT
#include "daemon/config_fleet.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config_instance.h"

namespace imdsd::daemon {
namespace {

/// What belongs to one instance alone, and to which.
using Owners = std::map<std::string, std::string, std::less<>>;

class FleetChecker {
 public:
  FleetChecker(const std::vector<ConfigSection>& sections, const Config& config)
      : sections_(sections), config_(config) {}

  void check() {
    take_shared_listeners();
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const auto& section = sections_[i];
      const auto& instance = config_.instances[i];
      check_names(section, instance);
      check_listeners(section, instance);
      check_peers(section, instance);
      check_default(section, instance);
    }
  }

 private:
  void take_shared_listeners() {
    const auto take = [&](const std::string& key, const auto& addresses) {
      for (const auto& address : addresses) listeners_.emplace(address.to_string(), key);
    };
    take("imds.listen", config_.imds.listen);
    take("aws.listen", config_.aws.listen);
    take("aws.tls_listen", config_.aws.tls_listen);
  }

  /// A name that is another's id would make requests by name mean two instances.
  void check_names(const ConfigSection& section, const InstanceConfig& instance) {
    const std::string& id = instance.description.id;
    const auto taken = [&](const std::string& name, const char* key) {
      const auto [owner, is_new] = names_.emplace(name, instance.name);
      if (is_new) return;
      const bool given = section.has(key);
      section.add_problem(key, "`" + name + "` is that of another instance" +
                                   (given ? "" : ": give this one a `name` or an `id`"));
    };
    if (instance.name != id) taken(instance.name, "name");
    taken(id, "id");
  }

  void check_listeners(const ConfigSection& section, const InstanceConfig& instance) {
    for (std::size_t i = 0; i < instance.listen.size(); ++i) {
      const auto& address = instance.listen[i];
      if (address.port == 0) continue;
      const auto [owner, is_new] =
          listeners_.emplace(address.to_string(), "instance `" + instance.name + "`");
      if (!is_new) refuse_item(section, "listen", i, address.to_string(), owner->second);
    }
  }

  void check_peers(const ConfigSection& section, const InstanceConfig& instance) {
    for (std::size_t i = 0; i < instance.peers.size(); ++i) {
      const std::string network = instance.peers[i].to_string();
      const auto [owner, is_new] = peers_.emplace(network, "instance `" + instance.name + "`");
      if (!is_new) refuse_item(section, "peers", i, network, owner->second);
    }
  }

  void check_default(const ConfigSection& section, const InstanceConfig& instance) {
    if (!instance.is_default) return;
    if (!default_.empty()) {
      section.add_problem("default", "instance `" + default_ + "` is the default already");
    }
    default_ = instance.name;
  }

  static void refuse_item(const ConfigSection& section, std::string_view key, std::size_t index,
                          const std::string& what, const std::string& owner) {
    const ConfigNode& item = section.find(key)->items[index];
    section.add_problem_at(item.at, key, "`" + what + "` belongs to " + owner + " already");
  }

  const std::vector<ConfigSection>& sections_;
  const Config& config_;
  Owners names_, listeners_, peers_;
  std::string default_;
};

/// Addresses that all share are needed by those who have none of their own.
void check_listen(const ConfigSection& imds, const Config& config) {
  if (!config.imds.listen.empty() || !imds.has("listen")) return;
  const auto without = std::find_if(config.instances.begin(), config.instances.end(),
                                    [](const auto& instance) { return instance.listen.empty(); });
  if (without == config.instances.end()) return;
  imds.add_problem("listen", "must name at least one address: instance `" + without->name +
                                 "` has no `listen` of its own");
}

/// Nobody would ever be answered.
void check_reachable(const ConfigSection& imds, const Config& config) {
  const auto& routes = config.imds.routes;
  if (routes.unknown_peer != imds::UnknownPeer::refuse || !routes.trusted_proxies.empty()) return;
  const bool reachable = std::any_of(
      config.instances.begin(), config.instances.end(),
      [](const auto& instance) { return !instance.listen.empty() || !instance.peers.empty(); });
  if (reachable) return;
  imds.add_problem("unknown_peer",
                   "`refuse` refuses every request: no instance has `peers` or `listen`, and there "
                   "are no imds.trusted_proxies");
}

}  // namespace

void read_instances(const ConfigSection& root, const ConfigContext& context, Config& out) {
  const auto sections = root.sections("instance");
  out.instances.reserve(sections.size());
  for (const auto& section : sections) read_instance(section, context, out);
  if (sections.empty()) {
    std::vector<ConfigProblem> ignored;  // a default instance cannot be wrong
    read_instance(ConfigSection(nullptr, "instance.0", ignored), context, out);
  }
  FleetChecker(sections, out).check();
  check_listen(root.section("imds"), out);
  check_reachable(root.section("imds"), out);
}

}  // namespace imdsd::daemon
