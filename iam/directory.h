// SPDX-License-Identifier: MIT
// Accounts and what is in them. A published Directory never changes; the next one is a copy that
// shares all but the changed parts with it. Changes are made by iam/transaction.h.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/persistent_map.h"
#include "base/result.h"
#include "iam/entities.h"

namespace imdsd::iam {

/// One kind of entity: by unique id, and by account and name. Names are unique without case.
template <class T>
class EntityTable {
 public:
  using Pointer = std::shared_ptr<const T>;

  [[nodiscard]] Pointer find_by_id(std::string_view unique_id) const {
    const Pointer* found = by_id_.find(unique_id);
    return found ? *found : nullptr;
  }
  [[nodiscard]] Pointer find(std::string_view account, std::string_view name) const {
    const std::string* id = id_by_name_.find(name_key(account, name));
    return id ? find_by_id(*id) : nullptr;
  }
  [[nodiscard]] std::size_t count(std::string_view account) const {
    return id_by_name_.count_prefix(std::string(account) + "/");
  }
  /// Those of an account in the order of their names without case, until `visit` returns false;
  /// behind the name `after`, if it is not empty.
  void visit(std::string_view account, std::string_view after,
             const std::function<bool(const Pointer&)>& visit) const;
  /// Those of all accounts.
  void visit_all(const std::function<bool(const Pointer&)>& visit) const;

 private:
  friend class Directory;
  /// Of those in a list of all kinds. Errc::corrupt names an id or name that two of them have.
  template <class List>
  [[nodiscard]] static base::Result<EntityTable> of(const List& entities);
  void set(Pointer entity);
  void erase(const T& entity);
  [[nodiscard]] static std::string name_key(std::string_view account, std::string_view name);

  base::PersistentMap<Pointer> by_id_;
  base::PersistentMap<std::string> id_by_name_;  // "123456789012/app-role": AROA…
};

/// An entity of any kind, as stores and transactions hand it on.
using AnyEntity =
    std::variant<std::shared_ptr<const Account>, std::shared_ptr<const User>,
                 std::shared_ptr<const Group>, std::shared_ptr<const Role>,
                 std::shared_ptr<const ManagedPolicy>, std::shared_ptr<const InstanceProfile>,
                 std::shared_ptr<const MfaDevice>, std::shared_ptr<const OidcProvider>,
                 std::shared_ptr<const SamlProvider>>;

/// Value type; copies are cheap. Thread-safe as long as it is not changed.
class Directory {
 public:
  struct KeyOwner {
    std::shared_ptr<const User> user;
    const AccessKey* key = nullptr;  // lives as long as `user`
  };

  /// Of entities in any order, in O(n log n), faster than one put() after the other. Errc::corrupt
  /// names an id, a name or an access key that is there twice.
  [[nodiscard]] static base::Result<Directory> of(const std::vector<AnyEntity>& entities);

  /// The entities of type T: Account, User, Group, Role, ManagedPolicy, InstanceProfile, MfaDevice,
  /// OidcProvider, SamlProvider.
  template <class T>
  [[nodiscard]] const EntityTable<T>& all() const {
    return std::get<EntityTable<T>>(tables_);
  }
  template <class T>
  [[nodiscard]] std::shared_ptr<const T> find(std::string_view account,
                                              std::string_view name) const {
    return all<T>().find(account, name);
  }
  /// By AROA…, AIDA…: what sessions and trust policies are bound to.
  template <class T>
  [[nodiscard]] std::shared_ptr<const T> find_by_id(std::string_view unique_id) const {
    return all<T>().find_by_id(unique_id);
  }
  [[nodiscard]] std::optional<KeyOwner> find_access_key(std::string_view id) const;

  /// Inserts, or replaces the entity with the same unique id.
  /// PRECONDITION: no other entity of its kind has its name in its account, nor its access keys.
  void put(const AnyEntity& any);
  /// The entity with this unique id, if there is one.
  void erase(const AnyEntity& any);

  // Who refers to whom; kept by put() and erase().

  /// Users, groups and roles of `account` that the managed policy is attached to.
  [[nodiscard]] std::size_t attachment_count(std::string_view account,
                                             std::string_view policy_arn) const;
  /// AIDA…, AGPA… and AROA… of these.
  [[nodiscard]] std::vector<std::string> attached_ids(std::string_view account,
                                                      std::string_view policy_arn) const;
  /// Users and roles of `account` whose permissions boundary it is.
  [[nodiscard]] std::size_t boundary_usage_count(std::string_view account,
                                                 std::string_view policy_arn) const;
  [[nodiscard]] std::vector<std::string> boundary_ids(std::string_view account,
                                                      std::string_view policy_arn) const;
  /// AIDA… of the members, in no order that means anything.
  [[nodiscard]] std::vector<std::string> member_ids(std::string_view group_id) const;
  /// AIPA… of the instance profiles that have this role.
  [[nodiscard]] std::vector<std::string> profile_ids_of_role(std::string_view account,
                                                             std::string_view role_name) const;
  /// Serial numbers (ARNs) of the MFA devices that are enabled for this user.
  [[nodiscard]] std::vector<std::string> mfa_device_ids(std::string_view user_id) const;

 private:
  struct Linked {};
  [[nodiscard]] std::vector<std::string> linked_ids(const std::string& prefix) const;
  template <class T>
  void set_links(const std::shared_ptr<const T>& before, const std::shared_ptr<const T>& after);
  [[nodiscard]] base::Result<void> fill_access_keys();
  void fill_links(const std::vector<AnyEntity>& entities);

  std::tuple<EntityTable<Account>, EntityTable<User>, EntityTable<Group>, EntityTable<Role>,
             EntityTable<ManagedPolicy>, EntityTable<InstanceProfile>, EntityTable<MfaDevice>,
             EntityTable<OidcProvider>, EntityTable<SamlProvider>>
      tables_;
  base::PersistentMap<std::shared_ptr<const User>> user_of_access_key_;  // by AKIA…
  base::PersistentMap<Linked> links_;  // "what|…|unique id of who refers"
};

}  // namespace imdsd::iam
