// SPDX-License-Identifier: MIT
#include "aws/time_format.h"
#include "iam/api/boundary.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/quotas.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

Outcome<void> user_exists(const std::string& name) {
  return already_exists("User with name " + name + " already exists.");
}

Outcome<void> create_user(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    const Directory& directory = transaction.directory();
    User user;
    user.name = call.text("UserName");
    if (directory.find<User>(call.account(), user.name)) return user_exists(user.name);
    if (directory.all<User>().count(call.account()) >= kMaxUsers) {
      return quota_exceeded("UsersPerAccount", kMaxUsers);
    }
    auto boundary = read_boundary(call, directory);
    if (!boundary) return tl::unexpected(std::move(boundary).error());
    auto tags = new_tags(call, kTagCase<User>);
    if (!tags) return tl::unexpected(std::move(tags).error());
    user.account = call.account();
    if (call.has("Path")) user.path = call.text("Path");
    user.unique_id = transaction.new_unique_id(aws::IdPrefix::AIDA, user.account);
    user.created = transaction.now();
    user.boundary = *std::move(boundary);
    user.tags = *std::move(tags);
    call.xml.open("User");
    write_user(call.xml, call, user, Detail::created);
    call.xml.close();
    transaction.put(std::move(user));
    return {};
  });
}

/// The root user, whom GetUser shows to itself.
void write_root(Call& call) {
  call.xml.leaf("UserId", call.account()).leaf("Arn", call.caller.principal.arn);
}

/// GetUser and ListUsers show it, and no other answer
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html).
void write_password_last_used(base::XmlWriter& xml, const Call& call, const User& user) {
  if (const auto used = call.context.usage.find(user.unique_id)) {
    xml.leaf("PasswordLastUsed", aws::format_iso8601(used->time));
  }
}

Outcome<void> get_user(Call& call) {
  if (is_about_root(call)) {
    call.xml.open("User");
    write_root(call);
    call.xml.close();
    return {};
  }
  auto user = find_user(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  call.xml.open("User");
  write_user(call.xml, call, **user, Detail::full);
  write_password_last_used(call.xml, call, **user);
  call.xml.close();
  return {};
}

Outcome<void> list_users(Call& call) {
  return write_entity_page<User>(call, "Users", [&](base::XmlWriter& xml, const User& user) {
    write_user(xml, call, user, Detail::listed);
    write_password_last_used(xml, call, user);
  });
}

Outcome<void> update_user(Call& call) {
  return change_user(call, [&](User& user, Transaction& transaction) -> Outcome<void> {
    if (call.has("NewUserName")) {
      user.name = call.text("NewUserName");
      const auto taken = transaction.directory().find<User>(call.account(), user.name);
      if (taken && taken->unique_id != user.unique_id) return user_exists(user.name);
    }
    if (call.has("NewPath")) user.path = call.text("NewPath");
    return {};
  });
}

/// Policies are told before keys.
Outcome<void> check_deletable(const User& user, const Directory& directory) {
  if (!user.grants.attached.empty()) return must_first("detach all policies");
  if (!user.grants.inline_policies.empty()) return must_first("delete policies");
  if (!user.groups.empty()) return must_first("remove users from group");
  if (!user.access_keys.empty()) return must_first("delete access keys");
  if (user.login_profile) return must_first("delete login profile");
  if (!directory.mfa_device_ids(user.unique_id).empty()) return must_first("delete MFA device");
  return {};
}

Outcome<void> delete_user(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto user = find_user(call, transaction.directory());
    if (!user) return tl::unexpected(std::move(user).error());
    if (auto free = check_deletable(**user, transaction.directory()); !free) return free;
    transaction.erase(*user);
    return {};
  });
}

Outcome<void> tag_user(Call& call) {
  return change_user(
      call, [&](User& user, Transaction&) { return add_tags(call, kTagCase<User>, user.tags); });
}

Outcome<void> untag_user(Call& call) {
  return change_user(call, [&](User& user, Transaction&) -> Outcome<void> {
    remove_tags(call, kTagCase<User>, user.tags);
    return {};
  });
}

Outcome<void> list_user_tags(Call& call) {
  auto user = find_user(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  return write_tag_page(call, (*user)->tags);
}

Outcome<void> put_user_boundary(Call& call) {
  return change_user(call, [&](User& user, Transaction& transaction) -> Outcome<void> {
    auto boundary = read_boundary(call, transaction.directory());
    if (!boundary) return tl::unexpected(std::move(boundary).error());
    user.boundary = *std::move(boundary);
    return {};
  });
}

Outcome<void> delete_user_boundary(Call& call) {
  return change_user(call, [&](User& user, Transaction&) -> Outcome<void> {
    user.boundary.clear();
    return {};
  });
}

constexpr std::array kOperations{
    Operation{"CreateUser",
              Acts::creating_user,
              {optional(kPath), required(kCreatedUserName), optional(kPermissionsBoundary),
               optional(kTags)},
              create_user},
    Operation{"GetUser", Acts::on_user, {optional(kUserName)}, get_user},
    Operation{"ListUsers",
              Acts::on_all_users,
              {optional(kPathPrefix), optional(kMarker), optional(kMaxItems)},
              list_users},
    Operation{"UpdateUser",
              Acts::on_user,
              {required(kUserName), optional(kNewPath), optional(kNewUserName)},
              update_user,
              false},
    Operation{"DeleteUser", Acts::on_user, {required(kUserName)}, delete_user, false},
    Operation{"TagUser", Acts::on_user, {required(kUserName), required(kTags)}, tag_user, false},
    Operation{
        "UntagUser", Acts::on_user, {required(kUserName), required(kTagKeys)}, untag_user, false},
    Operation{"ListUserTags",
              Acts::on_user,
              {required(kUserName), optional(kMarker), optional(kMaxItems)},
              list_user_tags},
    Operation{"PutUserPermissionsBoundary",
              Acts::on_user,
              {required(kUserName), required(kPermissionsBoundary)},
              put_user_boundary,
              false},
    Operation{"DeleteUserPermissionsBoundary",
              Acts::on_user,
              {required(kUserName)},
              delete_user_boundary,
              false},
};

}  // namespace

std::span<const Operation> user_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
