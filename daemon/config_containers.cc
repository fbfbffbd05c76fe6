// SPDX-License-Identifier: MIT
#include "daemon/config_containers.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "base/url.h"
#include "daemon/config_values.h"
#include "daemon/fetch_guard.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using containers::LaunchType;
using containers::NetworkMode;

constexpr Choice<LaunchType> kLaunchTypes[] = {{"EC2", LaunchType::ec2},
                                               {"FARGATE", LaunchType::fargate}};
constexpr Choice<NetworkMode> kNetworkModes[] = {
    {"awsvpc", NetworkMode::awsvpc}, {"bridge", NetworkMode::bridge}, {"host", NetworkMode::host}};
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html and
// .../API_CreateCluster.html: letters, digits, - and _.
constexpr std::size_t kMaxEcsName = 255;
constexpr std::size_t kMaxEksCluster = 100;
constexpr std::size_t kMaxRoleName = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

auto name_up_to(std::size_t longest) {
  return [longest](const ConfigNode& node) -> Result<std::string> {
    const std::string& text = node.string;
    const bool fits = !text.empty() && text.size() <= longest &&
                      std::all_of(text.begin(), text.end(), [](char c) {
                        return is_letter_or_digit(c) || c == '-' || c == '_';
                      });
    if (fits) return text;
    return fail(Errc::invalid_argument, "must be 1 to " + std::to_string(longest) +
                                            " letters, digits, `-` and `_`" + got(text));
  };
}

/// RFC 1123's label, or labels with dots between them.
auto kubernetes_name(std::size_t longest, bool dots) {
  return [longest, dots](const ConfigNode& node) -> Result<std::string> {
    const std::string& text = node.string;
    const auto is_edge = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const bool fits = !text.empty() && text.size() <= longest && is_edge(text.front()) &&
                      is_edge(text.back()) && std::all_of(text.begin(), text.end(), [&](char c) {
                        return is_edge(c) || c == '-' || (dots && c == '.');
                      });
    if (fits) return text;
    return fail(Errc::invalid_argument,
                "must be a name of Kubernetes: small letters, digits and `-`" +
                    std::string(dots ? ", `.`" : "") + got(text));
  };
}

auto number(int low, int high) {
  return [low, high](const ConfigNode& node) -> Result<int> {
    IMDSD_TRY(const auto value, integer_between(node, low, high));
    return static_cast<int>(value);
  };
}

Result<std::string> task_id(const ConfigNode& node) {
  const bool hex = node.string.size() == 32 && base::hex_decode(node.string) &&
                   base::to_lower(node.string) == node.string;
  if (hex) return node.string;
  return fail(Errc::invalid_argument, "must be 32 small hex digits" + got(node.string));
}

/// Part of a path.
Result<std::string> credentials_id(const ConfigNode& node) {
  const std::string& text = node.string;
  const bool fits = !text.empty() && text.size() <= kMaxEcsName &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
                    });
  if (fits) return text;
  return fail(Errc::invalid_argument, "must be letters, digits, `-`, `_` and `.`" + got(text));
}

Result<std::vector<std::string>> issuer_urls(const ConfigNode& node) {
  return each([](const ConfigNode& item) -> Result<std::string> {
    IMDSD_TRY(const auto url, base::Url::parse(item.string));
    IMDSD_TRY_VOID(check_fetch_scheme(url));
    return item.string;
  })(node);
}

/// Without declarations there is one holder, of the only role.
std::string only_role(const Config& config) {
  std::string found;
  for (const auto& role : config.iam.roles) {
    if (role.account != config.aws.account_id) continue;
    if (!found.empty()) return {};
    found = role.name;
  }
  return found;
}

class ContainerReader {
 public:
  ContainerReader(const ConfigSection& root, const ConfigContext& context, Config& out)
      : root_(root), context_(context), out_(out) {}

  void read_ecs() {
    const ConfigSection section = root_.section("ecs");
    EcsConfig& ecs = out_.ecs;
    section.read("listen", ecs.listen, any_listen_addresses);
    section.read("cluster", ecs.cluster, name_up_to(kMaxEcsName));
    read_token(section);
    for (const auto& task : section.sections("task")) read_task(task);
    check_strangers(section);
    if (ecs.tasks.empty() && !ecs.listen.empty()) {
      TaskConfig task;
      task.instance = default_instance();
      task.role.name = only_role(out_);
      ecs.tasks.push_back(std::move(task));
    }
  }

  void read_eks() {
    const ConfigSection section = root_.section("eks");
    EksConfig& eks = out_.eks;
    section.read("listen", eks.listen, any_listen_addresses);
    section.read("cluster", eks.cluster, name_up_to(kMaxEksCluster));
    section.read("issuers", eks.issuers, issuer_urls);
    section.read("token_dir", eks.token_dir,
                 [](const ConfigNode& node) -> Result<std::string> { return node.string; });
    std::set<std::string> seen;
    for (const auto& table : section.sections("pod_identity_association")) {
      read_association(table, seen);
    }
    if (!eks.associations.empty() || eks.listen.empty()) return;
    PodIdentityConfig association;
    association.role.name = only_role(out_);
    if (!association.role.name.empty()) eks.associations.push_back(std::move(association));
  }

  void check_ports() {
    const EcsConfig& ecs = out_.ecs;
    const EksConfig& eks = out_.eks;
    const auto check = [&](const std::string& owner, const auto& addresses) {
      check_apart("ecs", ecs.listen, owner, addresses);
      check_apart("eks", eks.listen, owner, addresses);
    };
    check("[imds]", out_.imds.listen);
    check("[admin]", out_.admin.listen);
    check("[aws]", out_.aws.listen);
    check("[aws]", out_.aws.tls_listen);
    for (const auto& instance : out_.instances) {
      check("instance `" + instance.name + "`", instance.listen);
    }
    check_apart("eks", eks.listen, "[ecs]", ecs.listen);
  }

 private:
  void check_apart(const char* section, const std::vector<base::SocketAddress>& addresses,
                   const std::string& other, const std::vector<base::SocketAddress>& others) {
    for (const auto& address : addresses) {
      const bool taken = std::find(others.begin(), others.end(), address) != others.end();
      if (address.port == 0 || !taken) continue;
      root_.section(section).add_problem(
          "listen", "`" + address.to_string() + "` is taken by " + other + ", too");
    }
  }

  void read_token(const ConfigSection& section) {
    const auto file = read_document(section, "authorization_token", false, context_);
    if (!file) return;
    const std::string& token = file->text;
    const bool sendable = !token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
      return c > ' ' && c < '\x7f';
    });
    if (!sendable) {
      section.add_problem("authorization_token_file",
                          "must hold the token alone, without space or newline: SDKs send the file "
                          "as it is (printf %s TOKEN > FILE)");
      return;
    }
    out_.ecs.authorization_token_file = file->at.source;
    out_.ecs.authorization_token = base::Secret(token);
  }

  /// Without a token, whoever reaches the port gets the credentials.
  void check_strangers(const ConfigSection& section) {
    const EcsConfig& ecs = out_.ecs;
    if (section.has("authorization_token_file")) return;
    for (const auto& address : ecs.listen) {
      if (address.ip.is_loopback() || address.ip.is_link_local()) continue;
      section.add_problem("listen", "`" + address.to_string() +
                                        "`, beyond loopback and link-local addresses, needs "
                                        "ecs.authorization_token_file");
    }
  }

  void read_role(const ConfigSection& section, NamedRole& role) {
    section.read("role", role.name,
                 [](const ConfigNode& node) { return iam_name(node, kMaxRoleName); });
    if (const ConfigNode* node = section.find("role")) role.at = node->at;
    role.key = section.path_of("role");
  }

  void read_task(const ConfigSection& section) {
    TaskConfig task;
    task.instance = default_instance();
    section.read_required("family", task.family, name_up_to(kMaxEcsName));
    section.read("revision", task.revision, number(1, 1'000'000));
    section.read("id", task.id, task_id);
    read_role(section, task.role);
    section.read("credentials_id", task.credentials_id, credentials_id);
    section.read("service", task.service, name_up_to(kMaxEcsName));
    section.read("launch_type", task.launch_type,
                 [](const ConfigNode& node) { return one_of(node, kLaunchTypes); });
    section.read("network_mode", task.network_mode,
                 [](const ConfigNode& node) { return one_of(node, kNetworkModes); });
    if (task.launch_type == LaunchType::fargate && task.network_mode != NetworkMode::awsvpc) {
      section.add_problem("network_mode", "must be `awsvpc`, the only one that FARGATE has");
    }
    section.read("instance", task.instance,
                 [&](const ConfigNode& node) { return instance_place(node.string); });
    for (const auto& tag : section.sections("tags")) {
      std::pair<std::string, std::string> pair;
      tag.read_required("key", pair.first, [](const ConfigNode& n) { return tag_key(n, false); });
      tag.read_required("value", pair.second, tag_value);
      task.tags.push_back(std::move(pair));
    }
    std::set<std::string> names;
    for (const auto& table : section.sections("container")) read_container(table, names, task);
    once(section, "id", task.id, ids_);
    once(section, "credentials_id", task.credentials_id, credential_ids_);
    out_.ecs.tasks.push_back(std::move(task));
  }

  void read_container(const ConfigSection& section, std::set<std::string>& names,
                      TaskConfig& task) {
    TaskContainerConfig container;
    section.read_required("name", container.name, name_up_to(kMaxEcsName));
    section.read("image", container.image, line_of_text);
    section.read("cpu", container.cpu, number(0, 1'048'576));
    section.read("memory", container.memory, number(0, 100'000'000));
    once(section, "name", container.name, names);
    if (container.image.empty()) container.image = container.name + ":latest";
    task.containers.push_back(std::move(container));
  }

  void read_association(const ConfigSection& section, std::set<std::string>& seen) {
    PodIdentityConfig association;
    section.read("namespace", association.name_space, kubernetes_name(63, false));
    section.read("service_account", association.service_account, kubernetes_name(253, true));
    section.read("pod", association.pod, kubernetes_name(253, true));
    if (!section.has("role")) section.add_problem("role", "is required");
    read_role(section, association.role);
    once(section, "service_account", association.name_space + "/" + association.service_account,
         seen);
    out_.eks.associations.push_back(std::move(association));
  }

  /// By name or id.
  [[nodiscard]] Result<std::size_t> instance_place(const std::string& wanted) const {
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < out_.instances.size(); ++i) {
      const auto& instance = out_.instances[i];
      if (instance.name == wanted || instance.description.id == wanted) return i;
      known.push_back(instance.name);
    }
    return fail(Errc::invalid_argument,
                "there is no instance `" + wanted + "`" + base::suggest(wanted, known));
  }

  [[nodiscard]] std::size_t default_instance() const {
    const auto& all = out_.instances;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [](const auto& instance) { return instance.is_default; });
    return found == all.end() ? 0 : static_cast<std::size_t>(found - all.begin());
  }

  static void once(const ConfigSection& section, const char* key, const std::string& value,
                   std::set<std::string>& seen) {
    if (value.empty() || seen.insert(value).second) return;
    section.add_problem(key, "`" + value + "` is there twice");
  }

  const ConfigSection& root_;
  const ConfigContext& context_;
  Config& out_;
  std::set<std::string> ids_, credential_ids_;
};

}  // namespace

void read_containers(const ConfigSection& root, const ConfigContext& context, Config& out) {
  ContainerReader reader(root, context, out);
  reader.read_ecs();
  reader.read_eks();
  reader.check_ports();
}

}  // namespace imdsd::daemon
