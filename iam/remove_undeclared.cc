// SPDX-License-Identifier: MIT
#include "iam/remove_undeclared.h"

#include <set>
#include <string>

#include "base/codec.h"
#include "iam/remove_entity.h"

namespace imdsd::iam {
namespace {

/// What of it the API gave, in words.
std::vector<std::string> given_by_api(const Grants& grants) {
  std::vector<std::string> out;
  for (const InlinePolicy& policy : grants.inline_policies) {
    if (policy.origin == Origin::api) out.push_back("policy `" + policy.name + "`");
  }
  for (const Attachment& attachment : grants.attached) {
    if (attachment.origin == Origin::api) out.push_back("attached " + attachment.policy_arn);
  }
  return out;
}

std::vector<std::string> given_by_api(const User& user) {
  std::vector<std::string> out = given_by_api(user.grants);
  for (const AccessKey& key : user.access_keys) {
    if (key.origin == Origin::api) out.push_back("access key " + key.id);
  }
  return out;
}

std::vector<std::string> given_by_api(const Group& group) {
  return given_by_api(group.grants);
}

std::vector<std::string> given_by_api(const Role& role) {
  return given_by_api(role.grants);
}

std::vector<std::string> given_by_api(const ManagedPolicy& policy) {
  std::vector<std::string> out;
  for (const ManagedPolicyVersion& version : policy.versions) {
    if (version.id != "v1") out.push_back("version " + version.id);
  }
  return out;
}

std::vector<std::string> given_by_api(const InstanceProfile&) {
  return {};
}

std::vector<std::string> given_by_api(const OidcProvider&) {
  return {};
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
  void run(const std::set<std::string>& declared) {
    std::vector<std::shared_ptr<const T>> gone;
    transaction_.directory().all<T>().visit_all([&](const std::shared_ptr<const T>& entity) {
      if (entity->origin == Origin::config && declared.count(key_of(*entity)) == 0) {
        gone.push_back(entity);
      }
      return true;
    });
    for (const auto& entity : gone) {
      removed_.push_back({arn_of(*entity), given_by_api(*entity)});
      remove_entity(entity, transaction_);
    }
  }
  std::vector<EnsureReport::Removed> take() { return std::move(removed_); }

 private:
  Transaction& transaction_;
  std::vector<EnsureReport::Removed> removed_;
};

template <class Declared>
std::set<std::string> keys_of(const std::vector<Declared>& declared) {
  std::set<std::string> keys;
  for (const auto& entity : declared) keys.insert(key_of(entity));
  return keys;
}

}  // namespace

std::vector<EnsureReport::Removed> remove_undeclared(const Declarations& declarations,
                                                     Transaction& transaction) {
  Removal removal(transaction);
  // A declared role has an instance profile of its name without saying so.
  auto profiles = keys_of(declarations.instance_profiles);
  profiles.merge(keys_of(declarations.roles));
  removal.run<InstanceProfile>(profiles);
  removal.run<User>(keys_of(declarations.users));
  removal.run<Role>(keys_of(declarations.roles));
  removal.run<Group>(keys_of(declarations.groups));
  removal.run<ManagedPolicy>(keys_of(declarations.policies));
  removal.run<OidcProvider>(keys_of(declarations.oidc_providers));
  return removal.take();
}

}  // namespace imdsd::iam
