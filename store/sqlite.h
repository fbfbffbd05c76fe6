// SPDX-License-Identifier: MIT
// SQLite's handles as values. For store/ only. Errors are what an operator can do about them:
// Errc::unavailable for a full, read-only or locked disk, Errc::corrupt for a file that does not
// read, Errc::internal for a broken constraint. No value that was bound is in a message.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace imdsd::store {

/// A prepared statement. Texts that are bound must live until run(), or until the last step().
class Statement {
 public:
  Statement() = default;
  /// False until it was prepared.
  [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::int64_t number);
  /// As a BLOB. What was not bound is NULL.
  Statement& bind_bytes(int index, std::string_view bytes);
  /// True: there is a row; its columns are valid until the next step.
  [[nodiscard]] base::Result<bool> step();
  /// Steps to the end, and makes it ready for the next time.
  [[nodiscard]] base::Result<void> run();
  void reset();

  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  int bind_error_ = 0;
};

enum class Access {
  read_write,
  read_only,
  immutable,  // read-only, and nobody else writes: needs no files beside it
};

/// One open database. For one thread at a time.
class Connection {
 public:
  /// The file exists. Nothing is read yet.
  [[nodiscard]] static base::Result<Connection> open(const std::string& path, Access access);

  [[nodiscard]] base::Result<Statement> prepare(std::string_view sql);
  /// Any number of statements, without rows that are of interest.
  [[nodiscard]] base::Result<void> execute(const char* sql);
  /// The first column of the only row.
  [[nodiscard]] base::Result<std::int64_t> number(std::string_view sql);
  [[nodiscard]] base::Result<std::string> text(std::string_view sql);

  /// Rows that the last statement changed.
  [[nodiscard]] std::int64_t changes() const;
  /// The INTEGER PRIMARY KEY of the last row that was inserted.
  [[nodiscard]] std::int64_t last_id() const;
  [[nodiscard]] bool in_transaction() const;
  /// Whether closing moves the log into the database, as it does by default.
  void checkpoint_on_close(bool on);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  friend class SqlTransaction;
  std::unique_ptr<sqlite3, Close> handle_;
  Statement begin_, commit_, rollback_;  // prepared with the first transaction
};

/// BEGIN IMMEDIATE; rolled back unless it was committed.
class SqlTransaction {
 public:
  [[nodiscard]] static base::Result<SqlTransaction> begin(Connection& connection);
  SqlTransaction(SqlTransaction&& other) noexcept;
  SqlTransaction& operator=(SqlTransaction&&) = delete;
  ~SqlTransaction();
  [[nodiscard]] base::Result<void> commit();

 private:
  explicit SqlTransaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;  // null: moved from, or committed
};

}  // namespace imdsd::store
