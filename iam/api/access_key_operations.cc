// SPDX-License-Identifier: MIT
#include <algorithm>

#include "aws/ids.h"
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

constexpr std::array<std::string_view, 3> kStatuses{"Active", "Inactive", "Expired"};
constexpr Parameter kStatus{"Status", Shape::one_of, 0, 0, kStatuses};

Failure no_such_key(std::string_view id) {
  return no_such_entity("The Access Key with id " + std::string(id) + " cannot be found.");
}

std::string_view status_of(const AccessKey& key) {
  return key.active ? "Active" : "Inactive";
}

Outcome<void> create_access_key(Call& call) {
  return change_user(call, [&](User& user, Transaction& transaction) -> Outcome<void> {
    if (user.access_keys.size() >= kMaxAccessKeysPerUser) {
      return quota_exceeded("AccessKeysPerUser", kMaxAccessKeysPerUser);
    }
    AccessKey key;
    key.id = transaction.new_access_key_id(user.account);
    key.secret = base::Secret(aws::make_secret_access_key(transaction.random()));
    key.created = transaction.now();
    call.xml.open("AccessKey")
        .leaf("UserName", user.name)
        .leaf("AccessKeyId", key.id)
        .leaf("Status", status_of(key))
        .leaf("SecretAccessKey", key.secret.reveal())
        .leaf("CreateDate", date(key.created))
        .close();
    user.access_keys.push_back(std::move(key));
    return {};
  });
}

Outcome<void> list_access_keys(Call& call) {
  if (is_about_root(call)) return write_page(call, "AccessKeyMetadata", {});
  auto user = find_user(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  std::vector<PageItem> items;
  for (const AccessKey& key : (*user)->access_keys) {
    items.push_back({key.id, [&](base::XmlWriter& xml) {
                       xml.leaf("UserName", (*user)->name)
                           .leaf("AccessKeyId", key.id)
                           .leaf("Status", status_of(key))
                           .leaf("CreateDate", date(key.created));
                     }});
  }
  std::sort(items.begin(), items.end(),
            [](const PageItem& a, const PageItem& b) { return a.key < b.key; });
  return write_page(call, "AccessKeyMetadata", items);
}

auto find_key(User& user, std::string_view id) {
  return std::find_if(user.access_keys.begin(), user.access_keys.end(),
                      [&](const AccessKey& key) { return key.id == id; });
}

Outcome<void> update_access_key(Call& call) {
  // A status that keys are given, but that nobody gives them.
  if (call.text("Status") == "Expired") return invalid_input("Status Expired cannot be set.");
  if (is_about_root(call)) return no_such_key(call.text("AccessKeyId"));
  return change_user(call, [&](User& user, Transaction&) -> Outcome<void> {
    const std::string id = call.text("AccessKeyId");
    const auto key = find_key(user, id);
    if (key == user.access_keys.end()) return no_such_key(id);
    key->active = call.text("Status") == "Active";
    return {};
  });
}

Outcome<void> delete_access_key(Call& call) {
  if (is_about_root(call)) return no_such_key(call.text("AccessKeyId"));
  return change_user(call, [&](User& user, Transaction&) -> Outcome<void> {
    const std::string id = call.text("AccessKeyId");
    const auto key = find_key(user, id);
    if (key == user.access_keys.end()) return no_such_key(id);
    user.access_keys.erase(key);
    return {};
  });
}

Outcome<void> get_access_key_last_used(Call& call) {
  const std::string id = call.text("AccessKeyId");
  const auto owner = call.directory->find_access_key(id);
  if (!owner || owner->user->account != call.account()) {
    // AWS does not tell a key that is not there from one of another account. No colon here.
    return aws::service_error(403, "AccessDenied",
                              "User: " + call.caller.principal.arn +
                                  " is not authorized to perform iam:GetAccessKeyLastUsed on "
                                  "resource: access key " +
                                  id);
  }
  const auto used = call.context.usage.find(id);
  call.xml.leaf("UserName", owner->user->name).open("AccessKeyLastUsed");
  if (used) call.xml.leaf("LastUsedDate", date(used->time));
  call.xml.leaf("ServiceName", used ? used->service : "N/A")
      .leaf("Region", used ? used->region : "N/A")
      .close();
  return {};
}

constexpr std::array kOperations{
    Operation{"CreateAccessKey", Acts::on_user, {optional(kUserName)}, create_access_key},
    Operation{"ListAccessKeys",
              Acts::on_user,
              {optional(kUserName), optional(kMarker), optional(kMaxItems)},
              list_access_keys},
    Operation{"UpdateAccessKey",
              Acts::on_user,
              {optional(kUserName), required(kAccessKeyId), required(kStatus)},
              update_access_key,
              false},
    Operation{"DeleteAccessKey",
              Acts::on_user,
              {optional(kUserName), required(kAccessKeyId)},
              delete_access_key,
              false},
    Operation{"GetAccessKeyLastUsed",
              Acts::on_key_owner,
              {required(kAccessKeyId)},
              get_access_key_last_used},
};

}  // namespace

std::span<const Operation> access_key_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
