// SPDX-License-Identifier: MIT
#include "iam/ensure_user.h"

#include <algorithm>
#include <set>

#include "iam/ensure_grants.h"

namespace imdsd::iam {
namespace {

void drop_undeclared_keys(const Declarations::DeclaredUser& declared, User& user) {
  drop_undeclared(user.access_keys, [&](const AccessKey& key) {
    return std::any_of(declared.access_keys.begin(), declared.access_keys.end(),
                       [&](const auto& other) { return other.id == key.id; });
  });
}

void ensure_access_key(const Declarations::DeclaredKey& declared, base::SystemTime now,
                       User& user) {
  const auto found = std::find_if(user.access_keys.begin(), user.access_keys.end(),
                                  [&](const AccessKey& key) { return key.id == declared.id; });
  if (found == user.access_keys.end()) {
    user.access_keys.push_back(
        {declared.id, declared.secret.clone(), declared.active, now, Origin::config});
    return;
  }
  found->secret = declared.secret.clone();  // its status the API may have changed
}

/// The file cannot tell: the API may have made keys for the same user.
void check_key_count(const std::string& label, const User& user, EnsureRun& run) {
  if (user.access_keys.size() <= kMaxAccessKeys) return;
  std::string of_api;
  for (const AccessKey& key : user.access_keys) {
    if (key.origin == Origin::api) of_api += (of_api.empty() ? "`" : ", `") + key.id + "`";
  }
  run.fail(label, "a user has at most " + std::to_string(kMaxAccessKeys) +
                      " access keys, and would have " + std::to_string(user.access_keys.size()) +
                      (of_api.empty() ? "" : ": the API made " + of_api) +
                      "; delete one (DeleteAccessKey), or declare fewer");
}

void ensure_access_keys(const std::string& label, const Declarations::DeclaredUser& declared,
                        User& user, EnsureRun& run) {
  for (const auto& key : declared.access_keys) {
    const auto owner = run.directory().find_access_key(key.id);
    if (!is_access_key_id(key.id)) {
      run.fail(label, "access key id `" + key.id + "` is not 16 to 128 letters and digits");
    } else if (key.secret.empty()) {
      run.fail(label, "access key `" + key.id + "` has no secret");
    } else if (!run.is_first("key/" + key.id)) {
      run.fail(label, "access key `" + key.id + "` is declared twice");
    } else if (owner && owner->user->unique_id != user.unique_id) {
      run.fail(label, "access key `" + key.id + "` belongs to user `" + owner->user->name + "`");
    } else {
      ensure_access_key(key, run.now(), user);
    }
  }
  check_key_count(label, user, run);
}

void ensure_memberships(const std::string& label, const Declarations::DeclaredUser& declared,
                        User& user, EnsureRun& run) {
  std::set<std::string> ids;
  for (const std::string& name : declared.groups) {
    const auto group = run.directory().find<Group>(user.account, name);
    if (group) {
      ids.insert(group->unique_id);
    } else {
      run.fail(label, "there is no group `" + name + "`");
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

}  // namespace

void release_access_keys(const Declarations::DeclaredUser& declared, EnsureRun& run) {
  const auto before = run.directory().find<User>(declared.account, declared.name);
  if (!before) return;
  User user = clone(*before);
  drop_undeclared_keys(declared, user);
  run.put(std::move(user));
}

void ensure_user(const Declarations::DeclaredUser& declared, EnsureRun& run) {
  auto user = run.begin<User>(declared);
  if (!user) return;
  const std::string label = label_of<User>(user->name);
  ensure_grants(label, declared, user->grants, run);
  ensure_boundary(label, declared.boundary, user->boundary, run);
  ensure_access_keys(label, declared, *user, run);
  ensure_memberships(label, declared, *user, run);
  run.put(*std::move(user));
}

}  // namespace imdsd::iam
