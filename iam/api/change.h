// SPDX-License-Identifier: MIT
// Changing an entity that the request names: a copy of the newest one, put back.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "iam/api/call.h"
#include "iam/api/find.h"

namespace imdsd::iam::api {

template <class T>
using Found = aws::Outcome<std::shared_ptr<const T>>;

/// Finds the entity by `find`, and puts the copy back that `change(T&, Transaction&)` made its
/// changes on. The error of either: nothing is changed.
template <class T, class Change>
[[nodiscard]] aws::Outcome<void> change_entity(Call& call,
                                               Found<T> (*find)(const Call&, const Directory&),
                                               Change change) {
  return call.write([&](Transaction& transaction) -> aws::Outcome<void> {
    auto found = find(call, transaction.directory());
    if (!found) return tl::unexpected(std::move(found).error());
    T entity = clone(**found);
    if (aws::Outcome<void> changed = change(entity, transaction); !changed) return changed;
    transaction.put(std::move(entity));
    return {};
  });
}

template <class Change>
[[nodiscard]] aws::Outcome<void> change_user(Call& call, Change change) {
  return change_entity<User>(call, find_user, std::move(change));
}

}  // namespace imdsd::iam::api
