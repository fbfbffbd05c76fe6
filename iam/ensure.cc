// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "aws/arn.h"
#include "base/codec.h"
#include "iam/declarations.h"
#include "iam/entity_codec.h"
#include "iam/managed_policy_lookup.h"
#include "iam/names.h"
#include "iam/principal_binding.h"
#include "iam/remove_undeclared.h"

namespace imdsd::iam {
namespace {

using base::Errc;
using base::Error;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
constexpr std::chrono::seconds kLeastMaxSession{3600};
constexpr std::chrono::seconds kMostMaxSession{43200};

/// What differs by kind.
template <class T>
struct KindRules;
template <>
struct KindRules<User> {
  static constexpr std::string_view label = "user";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AIDA;
  static constexpr std::size_t longest_name = kMaxUserName;
};
template <>
struct KindRules<Group> {
  static constexpr std::string_view label = "group";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AGPA;
  static constexpr std::size_t longest_name = kMaxName;
};
template <>
struct KindRules<Role> {
  static constexpr std::string_view label = "role";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AROA;
  static constexpr std::size_t longest_name = kMaxRoleName;
};
template <>
struct KindRules<ManagedPolicy> {
  static constexpr std::string_view label = "policy";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::ANPA;
  static constexpr std::size_t longest_name = kMaxName;
};
template <>
struct KindRules<InstanceProfile> {
  static constexpr std::string_view label = "instance profile";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AIPA;
  static constexpr std::size_t longest_name = kMaxName;
};

template <class T>
std::string label_of(std::string_view name) {
  return std::string(KindRules<T>::label) + " `" + std::string(name) + "`";
}

/// Of a list that file and API share: what the file had before and no longer declares goes.
template <class Item, class Declared>
void drop_undeclared(std::vector<Item>& items, Declared is_declared) {
  std::erase_if(
      items, [&](const Item& item) { return item.origin == Origin::config && !is_declared(item); });
}

class Ensure {
 public:
  Ensure(const Declarations& declarations, const KnownIds& known_ids, Transaction& transaction)
      : declared_(declarations), known_ids_(known_ids), transaction_(transaction) {}

  tl::expected<EnsureReport, std::vector<Error>> run() {
    report_.removed = remove_undeclared(declared_, transaction_);
    for (const auto& policy : declared_.policies) ensure_policy(policy);
    for (const auto& group : declared_.groups) ensure_group(group);
    for (const auto& user : declared_.users) release_access_keys(user);
    for (const auto& user : declared_.users) ensure_user(user);
    for (const auto& role : declared_.roles) ensure_role(role);
    bind_trust_policies();
    for (const auto& profile : declared_.instance_profiles) ensure_profile(profile);
    add_missing_profiles();
    if (!errors_.empty()) return tl::unexpected(std::move(errors_));
    return std::move(report_);
  }

 private:
  [[nodiscard]] const Directory& directory() const { return transaction_.directory(); }

  void fail(const std::string& label, const std::string& message) {
    errors_.push_back({Errc::invalid_argument, label + ": " + message});
  }

  /// The entity as it is, or a new one; nothing, and an error, when it cannot be.
  template <class T>
  std::optional<T> begin(const Declarations::Named& declared) {
    using Rules = KindRules<T>;
    const std::string label = label_of<T>(declared.name);
    const std::size_t errors_before = errors_.size();
    if (!aws::AccountId::parse(declared.account)) {
      fail(label, "`" + declared.account + "` is not an account id");
    }
    if (!is_name(declared.name) || declared.name.size() > Rules::longest_name) {
      fail(label, "a name has 1 to " + std::to_string(Rules::longest_name) +
                      " letters, digits and characters of _+=,.@-");
    }
    if (declared.path && !is_path(*declared.path)) {
      fail(label, "path `" + *declared.path + "` does not begin and end with a slash");
    }
    const std::string key =
        std::string(T::kType) + "/" + declared.account + "/" + base::to_lower(declared.name);
    if (!seen_.insert(key).second) fail(label, "declared twice");
    if (errors_.size() != errors_before) return std::nullopt;

    T out;
    if (const auto before = directory().find<T>(declared.account, declared.name)) {
      out = clone(*before);
    } else {
      out.account = declared.account;
      out.unique_id = unique_id(key, Rules::prefix, declared.account);
      out.origin = Origin::config;
      out.created = transaction_.now();
    }
    out.name = declared.name;
    if (declared.path) out.path = *declared.path;
    if (declared.tags) out.tags = *declared.tags;
    return out;
  }

  std::string unique_id(const std::string& key, aws::IdPrefix prefix, const std::string& account) {
    const auto known = known_ids_.find(key);
    return known == known_ids_.end() ? transaction_.new_unique_id(prefix, account) : known->second;
  }

  /// What is as it was is not written again.
  template <class T>
  void put(T entity) {
    auto next = std::make_shared<const T>(std::move(entity));
    const auto before = directory().find_by_id<T>(next->unique_id);
    if (before && encode_entity(before) == encode_entity(next)) return;
    transaction_.put(clone(*next));
  }

  void ensure_grants(const std::string& label, const Declarations::Granted& declared,
                     Grants& grants) {
    drop_undeclared(grants.inline_policies, [&](const InlinePolicy& policy) {
      return std::any_of(declared.policies.begin(), declared.policies.end(),
                         [&](const NamedPolicy& other) { return other.name == policy.name; });
    });
    for (const NamedPolicy& policy : declared.policies) {
      const auto at = std::lower_bound(
          grants.inline_policies.begin(), grants.inline_policies.end(), policy.name,
          [](const InlinePolicy& a, const std::string& name) { return a.name < name; });
      if (at != grants.inline_policies.end() && at->name == policy.name) {
        at->document = policy.document;
      } else {
        grants.inline_policies.insert(at, InlinePolicy{policy, Origin::config});
      }
    }
    drop_undeclared(grants.attached, [&](const Attachment& attachment) {
      return std::count(declared.attached.begin(), declared.attached.end(),
                        attachment.policy_arn) != 0;
    });
    for (const std::string& arn : declared.attached) {
      if (!check_policy(label, arn)) continue;
      const bool known =
          std::any_of(grants.attached.begin(), grants.attached.end(),
                      [&](const Attachment& other) { return other.policy_arn == arn; });
      if (!known) grants.attached.push_back({arn, Origin::config});
    }
  }

  bool check_policy(const std::string& label, const std::string& arn) {
    if (find_managed_policy(directory(), arn)) return true;
    fail(label, "there is no managed policy `" + arn + "`");
    return false;
  }

  void ensure_boundary(const std::string& label, const std::optional<std::string>& declared,
                       std::string& boundary) {
    if (!declared) return;
    if (declared->empty() || check_policy(label, *declared)) boundary = *declared;
  }

  void ensure_policy(const Declarations::DeclaredPolicy& declared) {
    auto policy = begin<ManagedPolicy>(declared);
    if (!policy) return;
    if (declared.description) policy->description = *declared.description;
    if (policy->versions.empty()) {
      policy->versions.push_back({"v1", declared.document, transaction_.now()});
      policy->default_version = "v1";
      policy->updated = transaction_.now();
    } else if (policy->default_document().document->text != declared.document->text) {
      // The file's text is the default version; versions that the API made stay.
      for (ManagedPolicyVersion& version : policy->versions) {
        if (version.id == policy->default_version) version.document = declared.document;
      }
      policy->updated = transaction_.now();
    }
    put(*std::move(policy));
  }

  void ensure_group(const Declarations::DeclaredGroup& declared) {
    auto group = begin<Group>(declared);
    if (!group) return;
    ensure_grants(label_of<Group>(group->name), declared, group->grants);
    put(*std::move(group));
  }

  void ensure_user(const Declarations::DeclaredUser& declared) {
    auto user = begin<User>(declared);
    if (!user) return;
    const std::string label = label_of<User>(user->name);
    ensure_grants(label, declared, user->grants);
    ensure_boundary(label, declared.boundary, user->boundary);
    ensure_access_keys(label, declared, *user);
    ensure_memberships(label, declared, *user);
    put(*std::move(user));
  }

  /// Before any user gets keys: the file may have given one's key to another.
  void release_access_keys(const Declarations::DeclaredUser& declared) {
    const auto before = directory().find<User>(declared.account, declared.name);
    if (!before) return;
    User user = clone(*before);
    drop_undeclared_keys(declared, user);
    put(std::move(user));
  }

  static void drop_undeclared_keys(const Declarations::DeclaredUser& declared, User& user) {
    drop_undeclared(user.access_keys, [&](const AccessKey& key) {
      return std::any_of(declared.access_keys.begin(), declared.access_keys.end(),
                         [&](const auto& other) { return other.id == key.id; });
    });
  }

  void ensure_access_keys(const std::string& label, const Declarations::DeclaredUser& declared,
                          User& user) {
    for (const auto& key : declared.access_keys) {
      const auto owner = directory().find_access_key(key.id);
      if (!is_access_key_id(key.id)) {
        fail(label, "access key id `" + key.id + "` is not 16 to 128 letters and digits");
      } else if (key.secret.empty()) {
        fail(label, "access key `" + key.id + "` has no secret");
      } else if (!seen_.insert("key/" + key.id).second) {
        fail(label, "access key `" + key.id + "` is declared twice");
      } else if (owner && owner->user->unique_id != user.unique_id) {
        fail(label, "access key `" + key.id + "` belongs to user `" + owner->user->name + "`");
      } else {
        ensure_access_key(key, user);
      }
    }
  }

  void ensure_access_key(const Declarations::DeclaredKey& declared, User& user) {
    const auto found = std::find_if(user.access_keys.begin(), user.access_keys.end(),
                                    [&](const AccessKey& key) { return key.id == declared.id; });
    if (found == user.access_keys.end()) {
      user.access_keys.push_back({declared.id, declared.secret.clone(), declared.active,
                                  transaction_.now(), Origin::config});
      return;
    }
    found->secret = declared.secret.clone();
    found->active = declared.active;
  }

  void ensure_memberships(const std::string& label, const Declarations::DeclaredUser& declared,
                          User& user) {
    std::set<std::string> ids;
    for (const std::string& name : declared.groups) {
      const auto group = directory().find<Group>(user.account, name);
      if (group) {
        ids.insert(group->unique_id);
      } else {
        fail(label, "there is no group `" + name + "`");
      }
    }
    drop_undeclared(user.groups, [&](const Membership& membership) {
      return ids.count(membership.group_id) != 0;
    });
    for (const std::string& id : ids) {
      const bool known = std::any_of(user.groups.begin(), user.groups.end(),
                                     [&](const Membership& other) { return other.group_id == id; });
      if (!known) user.groups.push_back({id, Origin::config});
    }
  }

  /// Its trust policy is bound later: it may name entities that come later, or the role itself.
  void ensure_role(const Declarations::DeclaredRole& declared) {
    auto role = begin<Role>(declared);
    if (!role) return;
    const std::string label = label_of<Role>(role->name);
    ensure_grants(label, declared, role->grants);
    ensure_boundary(label, declared.boundary, role->boundary);
    if (declared.description) role->description = *declared.description;
    if (declared.max_session_duration) role->max_session_duration = *declared.max_session_duration;
    if (role->max_session_duration < kLeastMaxSession ||
        role->max_session_duration > kMostMaxSession) {
      fail(label, "max_session_duration is between 1 and 12 hours");
    }
    if (!role->trust_policy.document) {
      role->trust_policy = {kTrustPolicyName, "",
                            std::make_shared<const PolicyDocument>(declared.trust_policy)};
    }
    put(*std::move(role));
    unbound_.push_back(&declared);
  }

  void bind_trust_policies() {
    for (const auto* declared : unbound_) {
      Role role = *directory().find<Role>(declared->account, declared->name);
      PolicyDocument trust = declared->trust_policy;
      if (auto bound = bind_principals(trust, directory()); !bound) {
        fail(label_of<Role>(role.name),
             "Invalid principal in policy: \"AWS\":\"" + bound.error() + "\"");
        continue;
      }
      role.trust_policy.document = std::make_shared<const PolicyDocument>(std::move(trust));
      put(std::move(role));
    }
  }

  void ensure_profile(const Declarations::DeclaredInstanceProfile& declared) {
    auto profile = begin<InstanceProfile>(declared);
    if (!profile) return;
    if (declared.role) {
      const auto role = directory().find<Role>(profile->account, *declared.role);
      if (!role && !declared.role->empty()) {
        return fail(label_of<InstanceProfile>(profile->name),
                    "there is no role `" + *declared.role + "`");
      }
      profile->role = role ? role->name : "";
    }
    put(*std::move(profile));
  }

  void add_missing_profiles() {
    for (const auto* role : unbound_) {
      if (directory().find<InstanceProfile>(role->account, role->name)) continue;
      Declarations::DeclaredInstanceProfile profile;
      profile.account = role->account;
      profile.name = role->name;
      profile.role = role->name;
      ensure_profile(profile);
    }
  }

  const Declarations& declared_;
  const KnownIds& known_ids_;
  Transaction& transaction_;
  std::set<std::string> seen_;
  std::vector<const Declarations::DeclaredRole*> unbound_;  // in the order declared
  EnsureReport report_;
  std::vector<Error> errors_;
};

}  // namespace

tl::expected<EnsureReport, std::vector<base::Error>> ensure(const Declarations& declarations,
                                                            const KnownIds& known_ids,
                                                            Transaction& transaction) {
  return Ensure(declarations, known_ids, transaction).run();
}

}  // namespace imdsd::iam
