// SPDX-License-Identifier: MIT
#include "iam/remove_entity.h"

#include <string>

namespace imdsd::iam {
namespace {

void detach_from(const std::string& policy_arn, Grants& grants) {
  std::erase_if(grants.attached,
                [&](const Attachment& attachment) { return attachment.policy_arn == policy_arn; });
}

bool has_attached(const std::string& policy_arn, const Grants& grants) {
  for (const Attachment& attachment : grants.attached) {
    if (attachment.policy_arn == policy_arn) return true;
  }
  return false;
}

/// All of an account's entities of one kind that `uses` is true of.
template <class T, class Uses>
std::vector<std::shared_ptr<const T>> users_of(const Directory& directory,
                                               const std::string& account, Uses uses) {
  std::vector<std::shared_ptr<const T>> found;
  directory.all<T>().visit(account, "", [&](const std::shared_ptr<const T>& entity) {
    if (uses(*entity)) found.push_back(entity);
    return true;
  });
  return found;
}

}  // namespace

void remove_entity(const std::shared_ptr<const User>& user, Transaction& transaction) {
  for (const std::string& id : transaction.directory().mfa_device_ids(user->unique_id)) {
    MfaDevice device = clone(*transaction.directory().find_by_id<MfaDevice>(id));
    device.user_id.clear();
    device.enabled.reset();
    transaction.put(std::move(device));
  }
  transaction.erase(user);
}

void remove_entity(const std::shared_ptr<const Group>& group, Transaction& transaction) {
  for (const std::string& id : transaction.directory().member_ids(group->unique_id)) {
    User member = clone(*transaction.directory().find_by_id<User>(id));
    std::erase_if(member.groups, [&](const Membership& membership) {
      return membership.group_id == group->unique_id;
    });
    transaction.put(std::move(member));
  }
  transaction.erase(group);
}

void remove_entity(const std::shared_ptr<const Role>& role, Transaction& transaction) {
  for (const std::string& id :
       transaction.directory().profile_ids_of_role(role->account, role->name)) {
    InstanceProfile profile = *transaction.directory().find_by_id<InstanceProfile>(id);
    profile.role.clear();
    transaction.put(std::move(profile));
  }
  transaction.erase(role);
}

void remove_entity(const std::shared_ptr<const ManagedPolicy>& policy, Transaction& transaction) {
  const std::string arn = arn_of(*policy);
  const Directory before = transaction.directory();
  // Where it is a permissions boundary it stays, and allows nothing from now on: without it there
  // would be no boundary.
  const auto uses = [&](const auto& entity) { return has_attached(arn, entity.grants); };
  for (const auto& user : users_of<User>(before, policy->account, uses)) {
    User changed = clone(*user);
    detach_from(arn, changed.grants);
    transaction.put(std::move(changed));
  }
  for (const auto& role : users_of<Role>(before, policy->account, uses)) {
    Role changed = *role;
    detach_from(arn, changed.grants);
    transaction.put(std::move(changed));
  }
  for (const auto& group : users_of<Group>(before, policy->account, uses)) {
    Group changed = *group;
    detach_from(arn, changed.grants);
    transaction.put(std::move(changed));
  }
  transaction.erase(policy);
}

void remove_entity(const std::shared_ptr<const InstanceProfile>& profile,
                   Transaction& transaction) {
  transaction.erase(profile);
}

void remove_entity(const std::shared_ptr<const OidcProvider>& provider, Transaction& transaction) {
  transaction.erase(provider);
}

}  // namespace imdsd::iam
