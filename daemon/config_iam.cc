// SPDX-License-Identifier: MIT
#include "daemon/config_iam.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "base/codec.h"
#include "base/nearest_name.h"
#include "daemon/config_values.h"
#include "daemon/toml_string.h"
#include "iam/policy_document.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::Result;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr std::size_t kRoleNameChars = 64, kUserNameChars = 64, kPolicyNameChars = 128,
                      kProfileNameChars = 128;
constexpr std::chrono::seconds kMinSession{3600}, kMaxSession{43200};

Result<std::string> text(const ConfigNode& node) {
  return node.string;
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
    if (auto trust = policy(section, "trust_policy", iam::PolicyKind::trust)) {
      role.trust_policy = *std::move(trust);
    }
    role.policies = policies(section);
    section.read("max_session_duration", role.max_session_duration, [](const ConfigNode& node) {
      return seconds_between(node, kMinSession, kMaxSession);
    });
    out_.roles.push_back(std::move(role));
  }

  void user(const ConfigSection& section) {
    iam::Declarations::DeclaredUser user;
    entity(section, "user", kUserNameChars, user);
    user.policies = policies(section);
    for (const auto& key : section.sections("access_keys")) access_key(key, user);
    out_.users.push_back(std::move(user));
  }

  void instance_profile(const ConfigSection& section) {
    iam::Declarations::DeclaredInstanceProfile profile;
    entity(section, "instance profile", kProfileNameChars, profile);
    section.read("role", profile.role,
                 [](const ConfigNode& node) { return iam_name(node, kRoleNameChars); });
    if (!profile.role.empty()) check_role_exists(section, profile);
    out_.instance_profiles.push_back(std::move(profile));
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
    if (out.name.empty()) return;
    config_.iam_places.push_back(
        {kind + " `" + out.name + "`", section.find("name")->at, section.path_of("")});
    if (!names_.insert(kind + "/" + out.account + "/" + base::to_lower(out.name)).second) {
      section.add_problem("name",
                          kind + " `" + out.name + "` is declared twice in account " + out.account);
    }
  }

  std::optional<iam::PolicyDocument> policy(const ConfigSection& section, const std::string& key,
                                            iam::PolicyKind kind) {
    const auto document = read_document(section, key, true, context_);
    if (!document) return std::nullopt;
    auto parsed = iam::parse_policy(document->text, kind);
    if (!parsed) {
      const iam::PolicyError& error = parsed.error();
      section.add_problem_at(
          place(*document, error), key,
          error.detail.empty() ? error.message : error.message + " (" + error.detail + ")");
      return std::nullopt;
    }
    for (const auto& warning : parsed->warnings) {
      context_.warnings.push_back(
          {place(*document, warning), section.path_of(key), warning.message});
    }
    return std::move(parsed->document);
  }

  /// Where in the file an error inside a policy stands.
  [[nodiscard]] ConfigPosition place(const ConfigDocument& document,
                                     const iam::PolicyError& error) const {
    ConfigPosition at = document.at;
    if (error.line == 0) return at;
    const TextPosition inside{error.line, std::max(error.column, 1U)};
    if (document.in_own_file) {
      at.line = inside.line;
      at.column = inside.column;
    } else if (at.line != 0) {
      const auto found = position_in_toml_string(context_.input.text, {at.line, at.column}, inside);
      at.line = found.line;
      at.column = found.column;
    }
    return at;
  }

  std::vector<iam::NamedPolicy> policies(const ConfigSection& section) {
    if (const ConfigNode* attached = section.find("attached");
        attached && !attached->items.empty()) {
      section.add_problem("attached", "managed policies come with a later version (got `" +
                                          attached->items[0].string +
                                          "`): write the document under `policies`");
    }
    std::vector<iam::NamedPolicy> out;
    std::set<std::string> names;
    for (const auto& item : section.sections("policies")) {
      iam::NamedPolicy named;
      item.read_required("name", named.name,
                         [](const ConfigNode& node) { return iam_name(node, kPolicyNameChars); });
      if (!named.name.empty() && !names.insert(named.name).second) {
        item.add_problem("name", "policy `" + named.name + "` is there twice");
      }
      if (auto document = policy(item, "document", iam::PolicyKind::identity)) {
        named.document = std::make_shared<const iam::PolicyDocument>(*std::move(document));
        out.push_back(std::move(named));
      }
    }
    return out;
  }

  void access_key(const ConfigSection& section, iam::Declarations::DeclaredUser& user) {
    iam::AccessKey key;
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

  void check_role_exists(const ConfigSection& section,
                         const iam::Declarations::DeclaredInstanceProfile& profile) const {
    std::vector<std::string_view> names;
    for (const auto& role : out_.roles) {
      if (role.account != profile.account) continue;
      if (base::equals_ignoring_case(role.name, profile.role)) return;
      names.push_back(role.name);
    }
    section.add_problem("role", "there is no role `" + profile.role + "` in account " +
                                    profile.account + base::suggest(profile.role, names));
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
  // Last: profiles name roles, wherever those stand in the file.
  for (const auto& section : iam.sections("instance_profile")) reader.instance_profile(section);
}

}  // namespace imdsd::daemon
