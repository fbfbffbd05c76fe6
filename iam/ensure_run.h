// SPDX-License-Identifier: MIT
// What all parts of one ensure() share.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/result.h"
#include "iam/declarations.h"
#include "iam/entity_codec.h"
#include "iam/names.h"
#include "iam/transaction.h"

namespace imdsd::iam {

/// What differs by kind.
template <class T>
struct DeclaredKind;
template <>
struct DeclaredKind<User> {
  static constexpr std::string_view label = "user";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AIDA;
  static constexpr std::size_t longest_name = kMaxUserName;
};
template <>
struct DeclaredKind<Group> {
  static constexpr std::string_view label = "group";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AGPA;
  static constexpr std::size_t longest_name = kMaxName;
};
template <>
struct DeclaredKind<Role> {
  static constexpr std::string_view label = "role";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AROA;
  static constexpr std::size_t longest_name = kMaxRoleName;
};
template <>
struct DeclaredKind<ManagedPolicy> {
  static constexpr std::string_view label = "policy";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::ANPA;
  static constexpr std::size_t longest_name = kMaxName;
};
template <>
struct DeclaredKind<InstanceProfile> {
  static constexpr std::string_view label = "instance profile";
  static constexpr aws::IdPrefix prefix = aws::IdPrefix::AIPA;
  static constexpr std::size_t longest_name = kMaxName;
};

/// "role `app`"
template <class T>
std::string label_of(std::string_view name) {
  return std::string(DeclaredKind<T>::label) + " `" + std::string(name) + "`";
}

/// Of a list that file and API share: what the file had before and no longer declares goes.
template <class Item, class Declared>
void drop_undeclared(std::vector<Item>& items, Declared is_declared) {
  std::erase_if(
      items, [&](const Item& item) { return item.origin == Origin::config && !is_declared(item); });
}

/// Declared tags are all that there are.
void ensure_tags(const std::optional<std::vector<Tag>>& declared, std::vector<Tag>& tags);

/// The entities of one ensure(), and its errors. For one thread.
class EnsureRun {
 public:
  EnsureRun(const KnownIds& known_ids, Transaction& transaction)
      : known_ids_(known_ids), transaction_(transaction) {}

  [[nodiscard]] const Directory& directory() const { return transaction_.directory(); }
  [[nodiscard]] base::SystemTime now() const { return transaction_.now(); }

  void fail(const std::string& label, const std::string& message) {
    errors_.push_back({base::Errc::invalid_argument, label + ": " + message});
  }
  [[nodiscard]] std::vector<base::Error> take_errors() { return std::move(errors_); }
  /// False when it was asked for the same key before.
  [[nodiscard]] bool is_first(const std::string& key) { return seen_.insert(key).second; }

  /// The entity as it is, or a new one; nothing, and an error, when it cannot be.
  template <class T>
  [[nodiscard]] std::optional<T> begin(const Declarations::Named& declared) {
    using Kind = DeclaredKind<T>;
    const std::string key =
        std::string(T::kType) + "/" + declared.account + "/" + base::to_lower(declared.name);
    if (!check(declared, label_of<T>(declared.name), Kind::longest_name, key)) return std::nullopt;
    T out;
    if (const auto before = directory().find<T>(declared.account, declared.name)) {
      out = clone(*before);
    } else {
      out.account = declared.account;
      out.unique_id = unique_id(key, Kind::prefix, declared.account);
      out.origin = Origin::config;
      out.created = now();
    }
    out.name = declared.name;
    if (declared.path) out.path = *declared.path;
    ensure_tags(declared.tags, out.tags);
    return out;
  }

  /// What is as it was is not written again.
  template <class T>
  void put(T entity) {
    auto next = std::make_shared<const T>(std::move(entity));
    const auto before = directory().find_by_id<T>(next->unique_id);
    if (before && encode_entity(before) == encode_entity(next)) return;
    transaction_.put(clone(*next));
  }

 private:
  [[nodiscard]] bool check(const Declarations::Named& declared, const std::string& label,
                           std::size_t longest_name, const std::string& key);
  [[nodiscard]] std::string unique_id(const std::string& key, aws::IdPrefix prefix,
                                      const std::string& account);

  const KnownIds& known_ids_;
  Transaction& transaction_;
  std::set<std::string> seen_;
  std::vector<base::Error> errors_;
};

}  // namespace imdsd::iam
