// SPDX-License-Identifier: MIT
#include "iam/directory.h"

#include <algorithm>

#include "base/codec.h"
#include "iam/directory_key.h"

namespace imdsd::iam {
namespace {

std::string entity_arn(std::string_view partition, std::string_view type, const Entity& entity) {
  return "arn:" + std::string(partition) + ":iam::" + entity.account + ":" + std::string(type) +
         entity.path + entity.name;
}

template <class Map>
auto find_in(const Map& map, const std::string& key) -> typename Map::mapped_type {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type() : found->second;
}

/// By ARN, so that what is listed does not depend on hashing.
template <class T>
std::vector<std::shared_ptr<const T>> sorted(
    const std::unordered_map<std::string, std::shared_ptr<const T>>& map) {
  std::vector<std::pair<std::string, std::shared_ptr<const T>>> keyed(map.begin(), map.end());
  std::sort(keyed.begin(), keyed.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::shared_ptr<const T>> out;
  out.reserve(keyed.size());
  for (auto& [key, entity] : keyed) out.push_back(std::move(entity));
  return out;
}

}  // namespace

std::string directory_key(std::string_view account, std::string_view name) {
  return std::string(account) + "/" + base::to_lower(name);
}

std::string User::arn(std::string_view partition) const {
  return entity_arn(partition, "user", *this);
}

std::string Role::arn(std::string_view partition) const {
  return entity_arn(partition, "role", *this);
}

std::string InstanceProfile::arn(std::string_view partition) const {
  return entity_arn(partition, "instance-profile", *this);
}

std::shared_ptr<const User> Directory::find_user(std::string_view account,
                                                 std::string_view name) const {
  return find_in(tables_.users, directory_key(account, name));
}

std::shared_ptr<const Role> Directory::find_role(std::string_view account,
                                                 std::string_view name) const {
  return find_in(tables_.roles, directory_key(account, name));
}

std::shared_ptr<const Role> Directory::find_role_by_id(std::string_view unique_id) const {
  return find_in(tables_.roles_by_id, std::string(unique_id));
}

std::shared_ptr<const User> Directory::find_user_by_id(std::string_view unique_id) const {
  return find_in(tables_.users_by_id, std::string(unique_id));
}

std::shared_ptr<const InstanceProfile> Directory::find_instance_profile(
    std::string_view account, std::string_view name) const {
  return find_in(tables_.instance_profiles, directory_key(account, name));
}

std::optional<Directory::KeyOwner> Directory::find_access_key(std::string_view id) const {
  const auto found = tables_.access_keys.find(std::string(id));
  if (found == tables_.access_keys.end()) return std::nullopt;
  return found->second;
}

std::vector<std::shared_ptr<const Role>> Directory::roles() const {
  return sorted(tables_.roles);
}

std::vector<std::shared_ptr<const User>> Directory::users() const {
  return sorted(tables_.users);
}

}  // namespace imdsd::iam
