// SPDX-License-Identifier: MIT
#include "iam/directory.h"

#include <tuple>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/directory_links.h"

namespace imdsd::iam {

template <class T>
std::string EntityTable<T>::name_key(std::string_view account, std::string_view name) {
  return std::string(account) + "/" + base::to_lower(name);
}

template <class T>
void EntityTable<T>::set(Pointer entity) {
  if (const Pointer before = find_by_id(entity->unique_id)) {
    const std::string old_key = name_key(before->account, before->name);
    if (old_key != name_key(entity->account, entity->name)) id_by_name_.erase(old_key);
  }
  const std::string key = name_key(entity->account, entity->name);
  if (id_by_name_.find(key) == nullptr) id_by_name_.set(key, entity->unique_id);
  const std::string id = entity->unique_id;
  by_id_.set(id, std::move(entity));
}

template <class T>
void EntityTable<T>::erase(const T& entity) {
  id_by_name_.erase(name_key(entity.account, entity.name));
  by_id_.erase(entity.unique_id);
}

template <class T>
void EntityTable<T>::visit(std::string_view account, std::string_view after,
                           const std::function<bool(const Pointer&)>& visit) const {
  const std::string prefix = std::string(account) + "/";
  const std::string last = prefix + base::to_lower(after);
  id_by_name_.visit_from(last, [&](const std::string& key, const std::string& id) {
    if (!key.starts_with(prefix)) return false;
    if (!after.empty() && key == last) return true;
    return visit(*by_id_.find(id));
  });
}

template <class T>
void EntityTable<T>::visit_all(const std::function<bool(const Pointer&)>& visit) const {
  by_id_.visit_from("", [&](const std::string&, const Pointer& entity) { return visit(entity); });
}

template class EntityTable<Account>;
template class EntityTable<User>;
template class EntityTable<Group>;
template class EntityTable<Role>;
template class EntityTable<ManagedPolicy>;
template class EntityTable<InstanceProfile>;
template class EntityTable<MfaDevice>;
template class EntityTable<OidcProvider>;
template class EntityTable<SamlProvider>;

std::optional<Directory::KeyOwner> Directory::find_access_key(std::string_view id) const {
  const std::shared_ptr<const User>* const user = user_of_access_key_.find(id);
  if (user == nullptr) return std::nullopt;
  for (const AccessKey& key : (*user)->access_keys) {
    if (key.id == id) return KeyOwner{*user, &key};
  }
  return std::nullopt;
}

template <class T>
void Directory::set_links(const std::shared_ptr<const T>& before,
                          const std::shared_ptr<const T>& after) {
  const auto old_links = before ? links_of(*before) : std::vector<std::string>();
  const auto new_links = after ? links_of(*after) : std::vector<std::string>();
  // Each costs the tree a path, and most changes leave them as they were.
  if (old_links != new_links) {
    for (const std::string& key : old_links) links_.erase(key);
    for (const std::string& key : new_links) links_.set(key, {});
  }
  if constexpr (std::is_same_v<T, User>) {
    if (before != nullptr) {
      for (const AccessKey& key : before->access_keys) user_of_access_key_.erase(key.id);
    }
    if (after != nullptr) {
      for (const AccessKey& key : after->access_keys) {
        user_of_access_key_.set(key.id, after);
      }
    }
  }
}

void Directory::put(const AnyEntity& any) {
  std::visit(
      [this](const auto& entity) {
        using T = std::remove_const_t<typename std::decay_t<decltype(entity)>::element_type>;
        set_links<T>(find_by_id<T>(entity->unique_id), entity);
        std::get<EntityTable<T>>(tables_).set(entity);
      },
      any);
}

void Directory::erase(const AnyEntity& any) {
  std::visit(
      [this](const auto& entity) {
        using T = std::remove_const_t<typename std::decay_t<decltype(entity)>::element_type>;
        // As it is now: whoever erases it may have seen it before its last change.
        const auto now = find_by_id<T>(entity->unique_id);
        if (!now) return;
        set_links<T>(now, nullptr);
        std::get<EntityTable<T>>(tables_).erase(*now);
      },
      any);
}

std::size_t Directory::attachment_count(std::string_view account,
                                        std::string_view policy_arn) const {
  return links_.count_prefix(link_key({"attached", account, policy_arn}));
}

std::size_t Directory::boundary_usage_count(std::string_view account,
                                            std::string_view policy_arn) const {
  return links_.count_prefix(link_key({"boundary", account, policy_arn}));
}

std::vector<std::string> Directory::linked_ids(const std::string& prefix) const {
  std::vector<std::string> ids;
  links_.visit_prefix(prefix, [&](const std::string& key, const Linked&) {
    ids.push_back(key.substr(prefix.size()));
    return true;
  });
  return ids;
}

std::vector<std::string> Directory::attached_ids(std::string_view account,
                                                 std::string_view policy_arn) const {
  return linked_ids(link_key({"attached", account, policy_arn}));
}

std::vector<std::string> Directory::boundary_ids(std::string_view account,
                                                 std::string_view policy_arn) const {
  return linked_ids(link_key({"boundary", account, policy_arn}));
}

std::vector<std::string> Directory::member_ids(std::string_view group_id) const {
  return linked_ids(link_key({"member", group_id}));
}

std::vector<std::string> Directory::profile_ids_of_role(std::string_view account,
                                                        std::string_view role_name) const {
  return linked_ids(link_key({"role", account, base::to_lower(role_name)}));
}

std::vector<std::string> Directory::mfa_device_ids(std::string_view user_id) const {
  return linked_ids(link_key({"mfa", user_id}));
}

}  // namespace imdsd::iam
