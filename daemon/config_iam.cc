// SPDX-License-Identifier: MIT
#include "daemon/config_iam.h"

#include <chrono>
#include <memory>
#include <set>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "daemon/config_controls.h"
#include "daemon/config_policy.h"
#include "daemon/config_tags.h"
#include "daemon/config_values.h"
#include "iam/names.h"
#include "iam/policy_document.h"
#include "imds/region_names.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::Result;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr std::size_t kRoleNameChars = 64, kUserNameChars = 64, kProfileNameChars = 128,
                      kGroupNameChars = 128;
constexpr std::chrono::seconds kMinSession{3600}, kMaxSession{43200};

Result<std::string> text(const ConfigNode& node) {
  return node.string;
}

Result<std::vector<std::string>> strings(const ConfigNode& node) {
  std::vector<std::string> out;
  for (const auto& item : node.items) out.push_back(item.string);
  return out;
}

/// SHA-1 in hexadecimal
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
Result<std::vector<std::string>> thumbprints(const ConfigNode& node) {
  constexpr std::size_t kSha1Digits = 40;
  for (const auto& item : node.items) {
    if (item.string.size() != kSha1Digits || !base::hex_decode(item.string)) {
      return base::fail(Errc::invalid_argument,
                        "must be SHA-1 digests of 40 hex digits" + got(item.string));
    }
  }
  return strings(node);
}

/// The name may be the secret itself, pasted into the wrong place: no message shows one that is no
/// name, nor one with small letters, which 40 random characters never lack.
Result<base::Secret> secret_of_variable(const std::string& name,
                                        const base::Environment& environment) {
  constexpr std::string_view kDigits = "0123456789", kSmall = "abcdefghijklmnopqrstuvwxyz",
                             kRest = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  const std::string allowed = std::string(kDigits).append(kSmall).append(kRest);
  if (name.empty() || kDigits.find(name[0]) != std::string_view::npos ||
      name.find_first_not_of(allowed) != std::string::npos) {
    return base::fail(Errc::invalid_argument, "must be the name of an environment variable");
  }
  if (const auto secret = base::find_variable(environment, name)) return base::Secret(*secret);
  const bool showable = name.find_first_of(kSmall) == std::string::npos;
  return base::fail(Errc::not_found, showable
                                         ? "environment variable `" + name + "` is not set"
                                         : "the environment variable that it names is not set");
}

class IamReader {
 public:
  IamReader(const ConfigContext& context, Config& config)
      : context_(context), config_(config), out_(config.iam) {}

  void role(const ConfigSection& section) {
    iam::Declarations::DeclaredRole role;
    entity(section, "role", kRoleNameChars, role);
    if (auto trust = read_policy(section, "trust_policy", iam::PolicyKind::trust, context_)) {
      role.trust_policy = *std::move(trust);
    }
    grants(section, role);
    section.read("permissions_boundary", role.boundary, text);
    section.read("description", role.description, text);
    section.read("max_session_duration", role.max_session_duration, [](const ConfigNode& node) {
      return seconds_between(node, kMinSession, kMaxSession);
    });
    out_.roles.push_back(std::move(role));
  }

  void user(const ConfigSection& section) {
    iam::Declarations::DeclaredUser user;
    entity(section, "user", kUserNameChars, user);
    grants(section, user);
    section.read("permissions_boundary", user.boundary, text);
    section.read("groups", user.groups, strings);
    const auto keys = section.sections("access_keys");
    for (const auto& key : keys) access_key(key, user);
    if (keys.size() > iam::kMaxAccessKeys) {
      keys[iam::kMaxAccessKeys].add_problem(
          "id", "a user has at most " + std::to_string(iam::kMaxAccessKeys) + " access keys");
    }
    out_.users.push_back(std::move(user));
  }

  void group(const ConfigSection& section) {
    iam::Declarations::DeclaredGroup group;
    entity(section, "group", kGroupNameChars, group);
    grants(section, group);
    out_.groups.push_back(std::move(group));
  }

  void managed_policy(const ConfigSection& section) {
    iam::Declarations::DeclaredPolicy declared;
    entity(section, "policy", kPolicyNameChars, declared);
    section.read("description", declared.description, text);
    if (auto document = read_policy(section, "document", iam::PolicyKind::managed, context_)) {
      declared.document = std::make_shared<const iam::PolicyDocument>(*std::move(document));
      out_.policies.push_back(std::move(declared));
    }
  }

  void instance_profile(const ConfigSection& section) {
    iam::Declarations::DeclaredInstanceProfile profile;
    entity(section, "instance profile", kProfileNameChars, profile);
    section.read("role", profile.role,
                 [](const ConfigNode& node) { return iam_name(node, kRoleNameChars); });
    out_.instance_profiles.push_back(std::move(profile));
  }

  void oidc_provider(const ConfigSection& section) {
    iam::Declarations::DeclaredOidcProvider provider;
    provider.account = config_.aws.account_id;
    section.read_required("url", provider.name, [](const ConfigNode& node) -> Result<std::string> {
      if (iam::is_oidc_provider_url(node.string)) {
        return std::string(iam::oidc_provider_name(node.string));
      }
      return base::fail(
          Errc::invalid_argument,
          "must be https://, or http:// on loopback, without a query" + got(node.string));
    });
    section.read("account", provider.account, account_id);
    section.read("client_ids", provider.client_ids, strings);
    section.read("thumbprints", provider.thumbprints, thumbprints);
    if (section.has("tags")) provider.tags = read_iam_tags(section);
    if (provider.name.empty()) return;
    const std::string label = "OIDC provider `" + provider.name + "`";
    config_.iam_places.push_back({label, section.find("url")->at, section.path_of("")});
    if (!names_.insert("oidc/" + provider.account + "/" + base::to_lower(provider.name)).second) {
      section.add_problem("url", label + " is declared twice in account " + provider.account);
    }
    out_.oidc_providers.push_back(std::move(provider));
  }

  void account(const ConfigSection& section) {
    std::string id;
    section.read_required("id", id, account_id);
    if (!names_.insert("account/" + id).second) {
      section.add_problem("id", "account " + id + " is declared twice");
    }
    iam::AccountControls controls = read_controls(section, context_);
    if (!id.empty() && id == config_.organization.management_account) {
      // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
      context_.warnings.push_back(
          {section.find("id")->at, section.path_of("id"),
           "control policies do not bind the organization's management account; those of this "
           "account change nothing"});
      return;
    }
    config_.control_policies[id] = std::move(controls);
  }

 private:
  /// What users, roles and instance profiles share.
  template <class Declared>
  void entity(const ConfigSection& section, const std::string& kind, std::size_t name_chars,
              Declared& out) {
    out.account = config_.aws.account_id;
    section.read_required("name", out.name,
                          [&](const ConfigNode& node) { return iam_name(node, name_chars); });
    section.read("account", out.account, account_id);
    section.read("path", out.path, iam_path);
    if (section.has("tags")) out.tags = read_iam_tags(section);
    if (out.name.empty()) return;
    config_.iam_places.push_back(
        {kind + " `" + out.name + "`", section.find("name")->at, section.path_of("")});
    if (!names_.insert(kind + "/" + out.account + "/" + base::to_lower(out.name)).second) {
      section.add_problem("name",
                          kind + " `" + out.name + "` is declared twice in account " + out.account);
    }
  }

  void grants(const ConfigSection& section, iam::Declarations::Granted& out) {
    out.policies = read_policies(section, "policies", iam::PolicyKind::identity, context_);
    section.read("attached", out.attached, strings);
  }

  void access_key(const ConfigSection& section, iam::Declarations::DeclaredUser& user) {
    iam::Declarations::DeclaredKey key;
    section.read_required("id", key.id, access_key_id);
    if (!key.id.empty() && !names_.insert("key/" + key.id).second) {
      section.add_problem("id", "access key `" + key.id + "` is declared twice");
    }
    if (section.has("secret_env") == section.has("secret_file")) {
      section.add_problem("secret_env", section.has("secret_env")
                                            ? "cannot be combined with secret_file"
                                            : "is required, or secret_file");
      return;
    }
    section.read("secret_env", key.secret, [&](const ConfigNode& node) {
      return secret_of_variable(node.string, context_.input.environment);
    });
    if (const auto file = read_document(section, "secret", false, context_)) {
      key.secret = base::Secret(base::trim(file->text.substr(0, file->text.find_first_of("\r\n"))));
      if (key.secret.empty()) section.add_problem("secret_file", "its first line is empty");
    }
    user.access_keys.push_back(std::move(key));
  }

  const ConfigContext& context_;
  Config& config_;
  iam::Declarations& out_;
  std::set<std::string> names_;  // "kind/account/name" and "key/id" seen so far
};

}  // namespace

std::optional<ConfigDocument> read_document(const ConfigSection& section, const std::string& key,
                                            bool required, const ConfigContext& context) {
  const std::string file_key = key + "_file";
  if (section.has(key) && section.has(file_key)) {
    section.add_problem(file_key, "cannot be combined with " + key);
    return std::nullopt;
  }
  if (!section.has(key) && !section.has(file_key)) {
    if (required) section.add_problem(key, "is required, or " + file_key);
    return std::nullopt;
  }
  if (const ConfigNode* node = section.find(key)) return ConfigDocument{node->string, node->at};
  std::string path;
  section.read(file_key, path, text);
  if (path.empty()) return std::nullopt;
  if (path.front() != '/' && !context.input.folder.empty()) {
    path = context.input.folder + "/" + path;
  }
  auto content = context.input.read_file(path);
  if (!content) {
    section.add_problem(file_key, content.error().message);
    return std::nullopt;
  }
  return ConfigDocument{*std::move(content), ConfigPosition{path, 1, 1}, true};
}

void read_iam(const ConfigSection& iam, const ConfigContext& context, Config& out) {
  IamReader reader(context, out);
  for (const auto& section : iam.sections("role")) reader.role(section);
  for (const auto& section : iam.sections("user")) reader.user(section);
  for (const auto& section : iam.sections("group")) reader.group(section);
  for (const auto& section : iam.sections("policy")) reader.managed_policy(section);
  for (const auto& section : iam.sections("instance_profile")) reader.instance_profile(section);
  for (const auto& section : iam.sections("oidc_provider")) reader.oidc_provider(section);
  for (const auto& section : iam.sections("account")) reader.account(section);
  out.iam.partition = imds::partition_of_region(out.aws.region);
}

}  // namespace imdsd::daemon
