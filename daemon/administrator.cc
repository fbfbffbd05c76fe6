// SPDX-License-Identifier: MIT
#include "daemon/administrator.h"

#include <utility>

#include "base/log.h"

namespace imdsd::daemon {
namespace {

constexpr const char* kMade = "administrator";  // in the store: the unique id it was given
constexpr const char* kPolicy = "arn:aws:iam::aws:policy/AdministratorAccess";

std::string credentials_file(const iam::User& user, const iam::AccessKey& key) {
  return "# The administrator of account " + user.account +
         ", made by imdsd at its first start.\n" + "[" + kAdministrator +
         "]\naws_access_key_id = " + key.id +
         "\naws_secret_access_key = " + std::string(key.secret.reveal()) + "\n";
}

/// The unique id of the new user.
base::Result<std::string> make_user(const std::string& account, iam::DirectoryService& directory) {
  std::string id;
  IMDSD_TRY_VOID(directory.write([&](iam::Transaction& transaction) {
    // One that the file declares, or that a start made which then was cut off.
    if (const auto known = transaction.directory().find<iam::User>(account, kAdministrator)) {
      id = known->unique_id;
      return false;
    }
    iam::User user;
    user.account = account;
    user.name = kAdministrator;
    user.unique_id = transaction.new_unique_id(aws::IdPrefix::AIDA, account);
    user.created = transaction.now();
    user.grants.attached.push_back({kPolicy, iam::Origin::api});
    iam::AccessKey key;
    key.id = transaction.new_access_key_id(account);
    key.secret = base::Secret(aws::make_secret_access_key(transaction.random()));
    key.created = transaction.now();
    user.access_keys.push_back(std::move(key));
    id = user.unique_id;
    transaction.put(std::move(user));
    return true;
  }));
  return id;
}

}  // namespace

base::Result<void> ensure_administrator(const std::string& account, iam::Store& store,
                                        iam::DirectoryService& directory, const StateDir& state) {
  IMDSD_TRY(auto id, store.meta(kMade));
  if (!id) {
    IMDSD_TRY(id, make_user(account, directory));
    IMDSD_TRY_VOID(store.set_meta(kMade, *id));
  }
  const auto user = directory.snapshot()->find_by_id<iam::User>(*id);
  if (!user || user->access_keys.empty()) return {};
  IMDSD_TRY(const auto written, state.read(StateDir::kCredentials));
  if (written) return {};
  IMDSD_TRY_VOID(
      state.write(StateDir::kCredentials, credentials_file(*user, user->access_keys.front())));
  base::log_info("administrator's credentials written",
                 {{"file", state.path_of(StateDir::kCredentials)}, {"profile", kAdministrator}});
  return {};
}

}  // namespace imdsd::daemon
