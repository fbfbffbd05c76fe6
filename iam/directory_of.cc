// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "iam/directory.h"
#include "iam/directory_links.h"

namespace imdsd::iam {
namespace {

template <class V>
using Entries = std::vector<std::pair<std::string, V>>;

/// The second entry of the first key that is there twice, or null. As they were among equals.
template <class V>
const std::pair<std::string, V>* sort(Entries<V>& entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto twice = std::adjacent_find(entries.begin(), entries.end(),
                                        [](auto& a, auto& b) { return a.first == b.first; });
  return twice == entries.end() ? nullptr : &*std::next(twice);
}

tl::unexpected<base::Error> there_twice(const std::string& what) {
  return base::fail(base::Errc::corrupt, what + " is there twice");
}

}  // namespace

template <class T>
template <class List>
base::Result<EntityTable<T>> EntityTable<T>::of(const List& entities) {
  Entries<Pointer> by_id;
  Entries<std::string> id_by_name;
  for (const auto& any : entities) {
    const Pointer* const entity = std::get_if<Pointer>(&any);
    if (entity == nullptr) continue;
    by_id.emplace_back((*entity)->unique_id, *entity);
    id_by_name.emplace_back(name_key((*entity)->account, (*entity)->name), (*entity)->unique_id);
  }
  EntityTable out;
  if (const auto* twice = sort(by_id)) return there_twice("`" + twice->first + "`");
  out.by_id_ = base::PersistentMap<Pointer>::from_sorted(std::move(by_id));
  if (const auto* twice = sort(id_by_name)) {
    return there_twice("`" + out.find_by_id(twice->second)->name + "`");
  }
  out.id_by_name_ = base::PersistentMap<std::string>::from_sorted(std::move(id_by_name));
  return out;
}

base::Result<void> Directory::fill_access_keys() {
  Entries<std::shared_ptr<const User>> owners;
  all<User>().visit_all([&](const std::shared_ptr<const User>& user) {
    for (const AccessKey& key : user->access_keys) owners.emplace_back(key.id, user);
    return true;
  });
  if (const auto* twice = sort(owners)) return there_twice("access key `" + twice->first + "`");
  user_of_access_key_ =
      base::PersistentMap<std::shared_ptr<const User>>::from_sorted(std::move(owners));
  return {};
}

void Directory::fill_links(const std::vector<AnyEntity>& entities) {
  Entries<Linked> links;
  for (const AnyEntity& any : entities) {
    std::visit(
        [&](const auto& entity) {
          for (std::string& key : links_of(*entity)) links.emplace_back(std::move(key), Linked());
        },
        any);
  }
  sort(links);
  // An attachment that is listed twice is one.
  const auto end = std::unique(links.begin(), links.end(),
                               [](const auto& a, const auto& b) { return a.first == b.first; });
  links.erase(end, links.end());
  links_ = base::PersistentMap<Linked>::from_sorted(std::move(links));
}

base::Result<Directory> Directory::of(const std::vector<AnyEntity>& entities) {
  Directory out;
  base::Result<void> result;
  const auto fill = [&]<class T>(EntityTable<T>& table) {
    if (!result) return;
    if (auto made = EntityTable<T>::of(entities)) {
      table = *std::move(made);
    } else {
      result = tl::unexpected(std::move(made).error());
    }
  };
  std::apply([&](auto&... tables) { (fill(tables), ...); }, out.tables_);
  IMDSD_TRY_VOID(std::move(result));
  IMDSD_TRY_VOID(out.fill_access_keys());
  out.fill_links(entities);
  return out;
}

}  // namespace imdsd::iam
