// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>

#include "aws/arn.h"
#include "base/codec.h"
#include "iam/directory.h"
#include "iam/directory_key.h"

namespace imdsd::iam {
namespace {

using base::Errc;
using base::Error;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
constexpr std::chrono::seconds kLeastMaxSession{3600};
constexpr std::chrono::seconds kMostMaxSession{43200};
constexpr std::size_t kMaxPathBytes = 512;

struct EntityKind {
  std::string_view type;  // in ARNs and in the keys of UniqueIds
  std::string_view label;
  aws::IdPrefix prefix;
  std::size_t longest_name;
};

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
constexpr EntityKind kUser{"user", "user", aws::IdPrefix::AIDA, 64};
constexpr EntityKind kRole{"role", "role", aws::IdPrefix::AROA, 64};
constexpr EntityKind kInstanceProfile{"instance-profile", "instance profile", aws::IdPrefix::AIPA,
                                      128};

/// [\w+=,.@-]+
bool is_name(std::string_view text, std::size_t most) {
  const auto is_allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), is_allowed);
}

/// "/", or "/…/" of U+0021 to U+007E.
bool is_path(std::string_view text) {
  return text.starts_with('/') && text.ends_with('/') && text.size() <= kMaxPathBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_access_key_id(std::string_view text) {
  return text.size() >= 16 && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '_';
         });
}

/// One build. What is wrong with one entity does not keep the others from being looked at.
class Assembly {
 public:
  Assembly(UniqueIds& ids, base::Random& random) : ids_(ids), random_(random) {}

  void add(Declarations&& declarations);
  [[nodiscard]] tl::expected<std::shared_ptr<const Directory>, std::vector<Error>> take();

 private:
  /// A role whose trust policy is not bound yet: it may name entities that come later, or the role
  /// itself.
  struct UnboundRole {
    std::shared_ptr<Role> role;
    PolicyDocument trust_policy;
  };

  void fail(const std::string& label, const std::string& message) {
    errors_.push_back({Errc::invalid_argument, label + ": " + message});
  }
  /// Account, path, name and unique id; false, and an error, when one of them cannot be.
  template <class Declared>
  [[nodiscard]] bool fill(Entity& entity, Declared& declared, const EntityKind& kind);
  void add_user(Declarations::DeclaredUser&& declared);
  void add_access_keys(const std::shared_ptr<const User>& user);
  void add_role(Declarations::DeclaredRole&& declared);
  void add_instance_profile(Declarations::DeclaredInstanceProfile&& declared);
  void add_missing_instance_profiles();
  void bind_trust_policies();
  void bind(const Role& role, std::vector<PrincipalPattern>& principals);
  [[nodiscard]] std::optional<std::string> find_id(const PrincipalPattern& principal) const;

  UniqueIds& ids_;
  base::Random& random_;
  Directory::Tables tables_;
  std::vector<UnboundRole> unbound_;  // in the order declared
  std::vector<Error> errors_;
};

std::string label_of(const EntityKind& kind, std::string_view name) {
  return std::string(kind.label) + " `" + std::string(name) + "`";
}

template <class Declared>
bool Assembly::fill(Entity& entity, Declared& declared, const EntityKind& kind) {
  const std::string label = label_of(kind, declared.name);
  const std::size_t errors_before = errors_.size();
  const auto account = aws::AccountId::parse(declared.account);
  if (!account) fail(label, "`" + declared.account + "` is not an account id");
  if (!is_name(declared.name, kind.longest_name)) {
    fail(label, "a name has 1 to " + std::to_string(kind.longest_name) +
                    " letters, digits and characters of _+=,.@-");
  }
  if (!is_path(declared.path)) {
    fail(label, "path `" + declared.path + "` does not begin and end with a slash");
  }
  if (errors_.size() != errors_before) return false;
  entity.account = std::move(declared.account);
  entity.path = std::move(declared.path);
  entity.name = std::move(declared.name);
  entity.unique_id = ids_.get_or_make(
      kind.prefix, *account,
      std::string(kind.type) + "/" + directory_key(entity.account, entity.name), random_);
  return true;
}

void Assembly::add(Declarations&& declarations) {
  for (auto& user : declarations.users) add_user(std::move(user));
  for (auto& role : declarations.roles) add_role(std::move(role));
  for (auto& profile : declarations.instance_profiles) add_instance_profile(std::move(profile));
  add_missing_instance_profiles();
  bind_trust_policies();
}

void Assembly::add_user(Declarations::DeclaredUser&& declared) {
  auto user = std::make_shared<User>();
  if (!fill(*user, declared, kUser)) return;
  user->policies = std::move(declared.policies);
  user->access_keys = std::move(declared.access_keys);
  const std::string key = directory_key(user->account, user->name);
  if (!tables_.users.emplace(key, user).second) {
    return fail(label_of(kUser, user->name), "declared twice");
  }
  tables_.users_by_id.emplace(user->unique_id, user);
  add_access_keys(user);
}

void Assembly::add_access_keys(const std::shared_ptr<const User>& user) {
  for (const AccessKey& key : user->access_keys) {
    const std::string label = label_of(kUser, user->name);
    if (!is_access_key_id(key.id)) {
      fail(label, "access key id `" + key.id + "` is not 16 to 128 letters and digits");
    } else if (key.secret.empty()) {
      fail(label, "access key `" + key.id + "` has no secret");
    } else if (!tables_.access_keys.emplace(key.id, Directory::KeyOwner{user, &key}).second) {
      fail(label, "access key `" + key.id + "` is declared twice");
    }
  }
}

void Assembly::add_role(Declarations::DeclaredRole&& declared) {
  auto role = std::make_shared<Role>();
  if (!fill(*role, declared, kRole)) return;
  const std::string label = label_of(kRole, role->name);
  role->policies = std::move(declared.policies);
  role->max_session_duration = declared.max_session_duration;
  if (role->max_session_duration < kLeastMaxSession ||
      role->max_session_duration > kMostMaxSession) {
    fail(label, "max_session_duration is between 1 and 12 hours");
  }
  const std::string key = directory_key(role->account, role->name);
  if (!tables_.roles.emplace(key, role).second) return fail(label, "declared twice");
  tables_.roles_by_id.emplace(role->unique_id, role);
  unbound_.push_back({std::move(role), std::move(declared.trust_policy)});
}

void Assembly::add_instance_profile(Declarations::DeclaredInstanceProfile&& declared) {
  auto profile = std::make_shared<InstanceProfile>();
  if (!fill(*profile, declared, kInstanceProfile)) return;
  const std::string label = label_of(kInstanceProfile, profile->name);
  if (!declared.role.empty()) {
    const auto role = tables_.roles.find(directory_key(profile->account, declared.role));
    if (role == tables_.roles.end()) {
      return fail(label, "there is no role `" + declared.role + "`");
    }
    profile->role = role->second->name;
  }
  const std::string key = directory_key(profile->account, profile->name);
  if (!tables_.instance_profiles.emplace(key, std::move(profile)).second) {
    fail(label, "declared twice");
  }
}

/// As the EC2 console does when it makes a role.
void Assembly::add_missing_instance_profiles() {
  for (const auto& [role, trust_policy] : unbound_) {
    const std::string key = directory_key(role->account, role->name);
    if (tables_.instance_profiles.count(key) != 0) continue;
    add_instance_profile({role->account, "/", role->name, role->name});
  }
}

void Assembly::bind_trust_policies() {
  for (auto& [role, trust_policy] : unbound_) {
    for (Statement& statement : trust_policy.statements) {
      if (statement.principals) bind(*role, *statement.principals);
      if (statement.not_principals) bind(*role, *statement.not_principals);
    }
    role->trust_policy = {"AssumeRolePolicyDocument", "",
                          std::make_shared<const PolicyDocument>(std::move(trust_policy))};
  }
}

void Assembly::bind(const Role& role, std::vector<PrincipalPattern>& principals) {
  for (PrincipalPattern& principal : principals) {
    if (principal.kind != PrincipalPattern::Kind::entity) continue;
    const auto id = find_id(principal);
    if (id) {
      principal.unique_id = *id;
    } else {
      fail(label_of(kRole, role.name),
           "Invalid principal in policy: \"AWS\":\"" + principal.value + "\"");
    }
  }
}

template <class Map>
std::optional<std::string> id_at(const Map& map, const std::string& key, const aws::Arn& arn) {
  const auto found = map.find(key);
  // Names are unique without case, but principals name them with it, and with their path.
  if (found == map.end() || found->second->arn(arn.partition) != arn.to_string()) {
    return std::nullopt;
  }
  return found->second->unique_id;
}

std::optional<std::string> Assembly::find_id(const PrincipalPattern& principal) const {
  if (!principal.unique_id.empty()) {
    const bool exists = tables_.users_by_id.count(principal.unique_id) != 0 ||
                        tables_.roles_by_id.count(principal.unique_id) != 0;
    return exists ? std::optional(principal.unique_id) : std::nullopt;
  }
  const auto arn = aws::Arn::parse(principal.value);
  if (!arn) return std::nullopt;
  const std::string_view resource = arn->resource;
  const std::string key = directory_key(arn->account, resource.substr(resource.rfind('/') + 1));
  return resource.starts_with("user/") ? id_at(tables_.users, key, *arn)
                                       : id_at(tables_.roles, key, *arn);
}

tl::expected<std::shared_ptr<const Directory>, std::vector<Error>> Assembly::take() {
  if (!errors_.empty()) return tl::unexpected(std::move(errors_));
  return std::make_shared<const Directory>(std::move(tables_));
}

}  // namespace

tl::expected<std::shared_ptr<const Directory>, std::vector<base::Error>> DirectoryBuilder::build(
    Declarations declarations, UniqueIds& ids, base::Random& random) {
  Assembly assembly(ids, random);
  assembly.add(std::move(declarations));
  return assembly.take();
}

}  // namespace imdsd::iam
