// SPDX-License-Identifier: MIT
#include "iam/remove_undeclared.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/ensure_policy.h"
#include "iam/given_items.h"
#include "iam/lost_items.h"
#include "iam/remove_entity.h"

namespace imdsd::iam {
namespace {

constexpr auto kNothing = [](const auto&) { return false; };

void drop_given_by_file(Entity& entity) {
  drop_undeclared(entity.tags, kNothing);
}

void drop_given_by_file(ManagedPolicy& policy) {
  drop_given_by_file(static_cast<Entity&>(policy));
  drop_file_versions(policy);
}

void drop_given_by_file(Grants& grants) {
  drop_undeclared(grants.inline_policies, kNothing);
  drop_undeclared(grants.attached, kNothing);
}

void drop_given_by_file(Group& group) {
  drop_given_by_file(static_cast<Entity&>(group));
  drop_given_by_file(group.grants);
}

void drop_given_by_file(Role& role) {
  drop_given_by_file(static_cast<Entity&>(role));
  drop_given_by_file(role.grants);
}

void drop_given_by_file(User& user) {
  drop_given_by_file(static_cast<Entity&>(user));
  drop_given_by_file(user.grants);
  drop_undeclared(user.access_keys, kNothing);
  drop_undeclared(user.groups, kNothing);
}

/// "123456789012/app-role"
template <class Named>
std::string key_of(const Named& named) {
  return named.account + "/" + base::to_lower(named.name);
}

class Removal {
 public:
  explicit Removal(Transaction& transaction) : transaction_(transaction) {}

  template <class T>
  void remove(const std::set<std::string>& declared) {
    for (const auto& entity : undeclared<T>(Origin::config, declared)) {
      report_.removed.push_back({arn_of(*entity), lost_items(*entity, transaction_.directory())});
      remove_entity(entity, transaction_);
    }
  }
  /// Of an entity that the API made, and that the file then declared, too.
  template <class T>
  void take_back(const std::set<std::string>& declared) {
    for (const auto& entity : undeclared<T>(Origin::api, declared)) {
      auto items = given_items(*entity, Origin::config, transaction_.directory());
      if (items.empty()) continue;
      T rest = clone(*entity);
      drop_given_by_file(rest);
      // A policy's last version stays, and is the API's.
      for (const auto& kept : given_items(rest, Origin::api, transaction_.directory())) {
        std::erase(items, kept);
      }
      if (!items.empty()) report_.taken_back.push_back({arn_of(*entity), std::move(items)});
      transaction_.put(std::move(rest));
    }
  }
  EnsureReport take() { return std::move(report_); }

 private:
  template <class T>
  [[nodiscard]] std::vector<std::shared_ptr<const T>> undeclared(
      Origin by, const std::set<std::string>& declared) const {
    std::vector<std::shared_ptr<const T>> found;
    transaction_.directory().all<T>().visit_all([&](const std::shared_ptr<const T>& entity) {
      if (entity->origin == by && declared.count(key_of(*entity)) == 0) found.push_back(entity);
      return true;
    });
    return found;
  }

  Transaction& transaction_;
  EnsureReport report_;
};

template <class Declared>
std::set<std::string> keys_of(const std::vector<Declared>& declared) {
  std::set<std::string> keys;
  for (const auto& entity : declared) keys.insert(key_of(entity));
  return keys;
}

}  // namespace

EnsureReport remove_undeclared(const Declarations& declarations, Transaction& transaction) {
  Removal removal(transaction);
  const auto users = keys_of(declarations.users);
  const auto groups = keys_of(declarations.groups);
  const auto roles = keys_of(declarations.roles);
  const auto policies = keys_of(declarations.policies);
  const auto providers = keys_of(declarations.oidc_providers);
  // A declared role has an instance profile of its name without saying so.
  auto profiles = keys_of(declarations.instance_profiles);
  profiles.insert(roles.begin(), roles.end());
  // First, while the groups that memberships are of have names.
  removal.take_back<User>(users);
  removal.take_back<Group>(groups);
  removal.take_back<Role>(roles);
  removal.take_back<ManagedPolicy>(policies);
  removal.take_back<InstanceProfile>(profiles);
  removal.take_back<OidcProvider>(providers);
  removal.remove<InstanceProfile>(profiles);
  removal.remove<User>(users);
  removal.remove<Role>(roles);
  removal.remove<Group>(groups);
  removal.remove<ManagedPolicy>(policies);
  removal.remove<OidcProvider>(providers);
  return removal.take();
}

}  // namespace imdsd::iam
