// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/codec.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/quotas.h"
#include "iam/api/shapes.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

Outcome<void> group_exists(const std::string& name) {
  return already_exists("Group with name " + name + " already exists.");
}

Outcome<void> create_group(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    const Directory& directory = transaction.directory();
    Group group;
    group.name = call.text("GroupName");
    if (directory.find<Group>(call.account(), group.name)) return group_exists(group.name);
    if (directory.all<Group>().count(call.account()) >= kMaxGroups) {
      return quota_exceeded("GroupsPerAccount", kMaxGroups);
    }
    group.account = call.account();
    if (call.has("Path")) group.path = call.text("Path");
    group.unique_id = transaction.new_unique_id(aws::IdPrefix::AGPA, group.account);
    group.created = transaction.now();
    call.xml.open("Group");
    write_group(call.xml, call, group);
    call.xml.close();
    transaction.put(std::move(group));
    return {};
  });
}

/// In the order of their names without case, as all lists of entities.
template <class T>
Outcome<void> write_listed(Call& call, std::string_view list,
                           const std::vector<std::shared_ptr<const T>>& entities,
                           const std::function<void(base::XmlWriter&, const T&)>& write) {
  std::vector<PageItem> items;
  for (const auto& entity : entities) {
    items.push_back({base::to_lower(entity->name),
                     [&write, &entity](base::XmlWriter& xml) { write(xml, *entity); }});
  }
  std::sort(items.begin(), items.end(),
            [](const PageItem& a, const PageItem& b) { return a.key < b.key; });
  return write_page(call, list, items);
}

Outcome<void> get_group(Call& call) {
  auto group = find_group(call, *call.directory);
  if (!group) return tl::unexpected(std::move(group).error());
  call.xml.open("Group");
  write_group(call.xml, call, **group);
  call.xml.close();
  std::vector<std::shared_ptr<const User>> members;
  for (const std::string& id : call.directory->member_ids((*group)->unique_id)) {
    members.push_back(call.directory->find_by_id<User>(id));
  }
  return write_listed<User>(call, "Users", members, [&](base::XmlWriter& xml, const User& user) {
    write_user(xml, call, user, Detail::listed);
  });
}

Outcome<void> list_groups(Call& call) {
  return write_entity_page<Group>(call, "Groups", [&](base::XmlWriter& xml, const Group& group) {
    write_group(xml, call, group);
  });
}

Outcome<void> update_group(Call& call) {
  return change_entity<Group>(
      call, find_group, [&](Group& group, Transaction& transaction) -> Outcome<void> {
        if (call.has("NewGroupName")) {
          group.name = call.text("NewGroupName");
          const auto taken = transaction.directory().find<Group>(call.account(), group.name);
          if (taken && taken->unique_id != group.unique_id) return group_exists(group.name);
        }
        if (call.has("NewPath")) group.path = call.text("NewPath");
        return {};
      });
}

Outcome<void> delete_group(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto group = find_group(call, transaction.directory());
    if (!group) return tl::unexpected(std::move(group).error());
    if (!(*group)->grants.attached.empty()) return must_first("detach all policies");
    if (!(*group)->grants.inline_policies.empty()) return must_first("delete policies");
    if (!transaction.directory().member_ids((*group)->unique_id).empty()) {
      return must_first("remove users from group");
    }
    transaction.erase(*group);
    return {};
  });
}

auto find_membership(User& user, const Group& group) {
  return std::find_if(user.groups.begin(), user.groups.end(), [&](const Membership& membership) {
    return membership.group_id == group.unique_id;
  });
}

/// Whom AWS names when neither is there.
enum class NamedFirst { group, user };

template <class Change>
Outcome<void> change_membership(Call& call, NamedFirst first, Change change) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto found = find_user(call, transaction.directory());
    if (!found && first == NamedFirst::user) return tl::unexpected(std::move(found).error());
    auto group = find_group(call, transaction.directory());
    if (!group) return tl::unexpected(std::move(group).error());
    if (!found) return tl::unexpected(std::move(found).error());
    User user = clone(**found);
    if (Outcome<void> changed = change(user, **group); !changed) return changed;
    transaction.put(std::move(user));
    return {};
  });
}

Outcome<void> add_user_to_group(Call& call) {
  return change_membership(call, NamedFirst::group,
                           [&](User& user, const Group& group) -> Outcome<void> {
                             if (find_membership(user, group) != user.groups.end()) return {};
                             if (user.groups.size() >= kMaxGroupsPerUser) {
                               return quota_exceeded("GroupsPerUser", kMaxGroupsPerUser);
                             }
                             user.groups.push_back({group.unique_id, Origin::api});
                             return {};
                           });
}

/// No error for a user that is no member.
Outcome<void> remove_user_from_group(Call& call) {
  return change_membership(call, NamedFirst::user,
                           [&](User& user, const Group& group) -> Outcome<void> {
                             const auto membership = find_membership(user, group);
                             if (membership != user.groups.end()) user.groups.erase(membership);
                             return {};
                           });
}

Outcome<void> list_groups_for_user(Call& call) {
  auto user = find_user(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  std::vector<std::shared_ptr<const Group>> groups;
  for (const Membership& membership : (*user)->groups) {
    groups.push_back(call.directory->find_by_id<Group>(membership.group_id));
  }
  return write_listed<Group>(call, "Groups", groups, [&](base::XmlWriter& xml, const Group& group) {
    write_group(xml, call, group);
  });
}

constexpr std::array kOperations{
    Operation{
        "CreateGroup", Acts::creating_group, {optional(kPath), required(kGroupName)}, create_group},
    Operation{"GetGroup",
              Acts::on_group,
              {required(kGroupName), optional(kMarker), optional(kMaxItems)},
              get_group},
    Operation{"ListGroups",
              Acts::on_all_groups,
              {optional(kPathPrefix), optional(kMarker), optional(kMaxItems)},
              list_groups},
    Operation{"UpdateGroup",
              Acts::on_group,
              {required(kGroupName), optional(kNewPath), optional(kNewGroupName)},
              update_group,
              false},
    Operation{"DeleteGroup", Acts::on_group, {required(kGroupName)}, delete_group, false},
    Operation{"AddUserToGroup",
              Acts::on_group,
              {required(kGroupName), required(kUserName)},
              add_user_to_group,
              false},
    Operation{"RemoveUserFromGroup",
              Acts::on_group,
              {required(kGroupName), required(kUserName)},
              remove_user_from_group,
              false},
    Operation{"ListGroupsForUser",
              Acts::on_user,
              {required(kUserName), optional(kMarker), optional(kMaxItems)},
              list_groups_for_user},
};

}  // namespace

std::span<const Operation> group_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
