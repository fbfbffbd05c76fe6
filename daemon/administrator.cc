// SPDX-License-Identifier: MIT
#include "daemon/administrator.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/codec.h"
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

/// A value of the administrator's profile; empty when it is not there.
std::string_view value_in_profile(std::string_view file, std::string_view name) {
  const std::string header = std::string("[") + kAdministrator + "]";
  bool inside = false;
  for (std::size_t end = 0; !file.empty(); file.remove_prefix(std::min(end + 1, file.size()))) {
    end = std::min(file.find('\n'), file.size());
    const std::string_view line = base::trim(file.substr(0, end));
    const auto equals = line.find('=');
    if (line.starts_with('[')) {
      inside = line == header;
    } else if (inside && equals != line.npos && base::trim(line.substr(0, equals)) == name) {
      return base::trim(line.substr(equals + 1));
    }
  }
  return {};
}

/// True of a key that somebody has, be it another user's: an operator may have put it there.
bool is_of_use(std::string_view file, const iam::Directory& directory) {
  const auto owner = directory.find_access_key(value_in_profile(file, "aws_access_key_id"));
  return owner && owner->key->secret.reveal() == value_in_profile(file, "aws_secret_access_key");
}

const iam::AccessKey& best_key(const iam::User& user) {
  for (const iam::AccessKey& key : user.access_keys) {
    if (key.active) return key;
  }
  return user.access_keys.front();
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

void warn_of_new_database(const StateDir& state) {
  base::log_warn(
      "the database is a new one, the state directory is not: what the IAM API had made is gone; "
      "to have it again, stop imdsd and put the former database or a backup in its place",
      {{"database", state.path_of(StateDir::kDatabase)}});
}

/// `before`: what is there now, and is kept beside it.
base::Result<void> write_credentials(const std::string& content,
                                     const std::optional<std::string>& before,
                                     const StateDir& state) {
  if (before) IMDSD_TRY_VOID(state.write(StateDir::kFormerCredentials, *before));
  IMDSD_TRY_VOID(state.write(StateDir::kCredentials, content));
  const std::string path = state.path_of(StateDir::kCredentials);
  if (before) {
    base::log_warn("administrator's credentials written anew: nobody had the key in the file",
                   {{"file", path},
                    {"profile", kAdministrator},
                    {"former", state.path_of(StateDir::kFormerCredentials)}});
  } else {
    base::log_info("administrator's credentials written",
                   {{"file", path}, {"profile", kAdministrator}});
  }
  return {};
}

}  // namespace

base::Result<void> ensure_administrator(const std::string& account, iam::Store& store,
                                        iam::DirectoryService& directory, const StateDir& state) {
  IMDSD_TRY(auto id, store.meta(kMade));
  const bool is_new = !id;
  if (is_new) {
    IMDSD_TRY(id, make_user(account, directory));
    IMDSD_TRY_VOID(store.set_meta(kMade, *id));
  }
  const auto now = directory.snapshot();
  const auto user = now->find_by_id<iam::User>(*id);
  if (!user || user->access_keys.empty()) return {};
  IMDSD_TRY(const auto file, state.read(StateDir::kCredentials));
  if (is_new && file) warn_of_new_database(state);
  if (file && is_of_use(*file, *now)) return {};
  auto written = write_credentials(credentials_file(*user, best_key(*user)), file, state);
  // Others can be served on a disk that has become read-only.
  if (!written && file) {
    base::log_warn("the administrator's credentials are of no use, and cannot be written anew",
                   {{"error", written.error().message}});
    return {};
  }
  return written;
}

}  // namespace imdsd::daemon
