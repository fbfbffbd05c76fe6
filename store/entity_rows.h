// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "iam/store.h"
#include "store/sqlite.h"

namespace imdsd::store {

/// The rows of entities: one in `entity`, and of a user those in `access_key` and `membership`.
/// Statements are prepared once. For one thread at a time, within a transaction.
class EntityRows {
 public:
  [[nodiscard]] static base::Result<EntityRows> prepare(Connection& connection);

  [[nodiscard]] base::Result<void> apply(const iam::Change& change);

 private:
  explicit EntityRows(Connection& connection) : connection_(&connection) {}
  [[nodiscard]] base::Result<void> put(const iam::AnyEntity& any);
  [[nodiscard]] base::Result<void> put_keys(const iam::User& user);
  [[nodiscard]] base::Result<void> put_memberships(const iam::User& user);

  /// A table of pairs (user, other), made to hold exactly those of one user.
  struct Pairs {
    Statement select, insert, remove;
    [[nodiscard]] static base::Result<Pairs> prepare(Connection& connection,
                                                     const std::string& table,
                                                     const std::string& column);
    [[nodiscard]] base::Result<void> replace(std::string_view user_id,
                                             std::vector<std::string> wanted);
  };

  Connection* connection_;  // outlives this
  Statement update_, upsert_, erase_;
  Pairs keys_, memberships_;
};

}  // namespace imdsd::store
