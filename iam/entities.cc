// SPDX-License-Identifier: MIT
#include "iam/entities.h"

#include <algorithm>

namespace imdsd::iam {

const ManagedPolicyVersion* ManagedPolicy::find_version(std::string_view id) const {
  const auto found =
      std::find_if(versions.begin(), versions.end(),
                   [&](const ManagedPolicyVersion& version) { return version.id == id; });
  return found == versions.end() ? nullptr : &*found;
}

const ManagedPolicyVersion& ManagedPolicy::default_document() const {
  const ManagedPolicyVersion* const found = find_version(default_version);
  return found ? *found : versions.back();
}

std::string make_arn(std::string_view partition, std::string_view account, std::string_view type,
                     std::string_view path, std::string_view name) {
  std::string arn = "arn:";
  arn.append(partition).append(":iam::").append(account).append(":");
  return arn.append(type).append(path).append(name);
}

User clone(const User& user) {
  User copy;
  static_cast<Entity&>(copy) = static_cast<const Entity&>(user);
  copy.grants = user.grants;
  copy.boundary = user.boundary;
  for (const AccessKey& key : user.access_keys) {
    copy.access_keys.push_back({key.id, key.secret.clone(), key.active, key.created, key.origin});
  }
  copy.groups = user.groups;
  copy.login_profile = user.login_profile;
  return copy;
}

MfaDevice clone(const MfaDevice& device) {
  MfaDevice copy;
  static_cast<Entity&>(copy) = static_cast<const Entity&>(device);
  copy.seed = device.seed.clone();
  copy.user_id = device.user_id;
  copy.enabled = device.enabled;
  copy.last_step = device.last_step;
  copy.clock_ahead = device.clock_ahead;
  return copy;
}

}  // namespace imdsd::iam
