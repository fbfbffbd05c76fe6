// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <unordered_map>

#include "base/result.h"
#include "store/sqlite.h"

namespace imdsd::store {

struct ResetStatement {
  void operator()(Statement* statement) const { statement->reset(); }
};
/// A statement in use: ready for the next time at its end. One that was not stepped to its end
/// would hold its snapshot, and the log could not be emptied.
using Query = std::unique_ptr<Statement, ResetStatement>;

/// The statements of one connection, each prepared when it is first wanted. As the connection, for
/// one thread at a time.
class Statements {
 public:
  /// `connection` outlives it.
  explicit Statements(Connection& connection) : connection_(connection) {}

  /// `sql` is a literal: statements are told apart by its address.
  [[nodiscard]] base::Result<Query> get(const char* sql) {
    Statement& statement = prepared_[sql];
    if (!statement) {
      IMDSD_TRY(statement, connection_.prepare(sql));
    }
    return Query(&statement);
  }
  [[nodiscard]] Connection& connection() noexcept { return connection_; }

 private:
  Connection& connection_;
  std::unordered_map<const char*, Statement> prepared_;
};

}  // namespace imdsd::store
