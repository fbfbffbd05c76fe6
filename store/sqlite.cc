// SPDX-License-Identifier: MIT
#include "store/sqlite.h"

#include <cerrno>
#include <sqlite3.h>
#include <system_error>
#include <utility>

#include "base/codec.h"

namespace imdsd::store {
namespace {

using base::Errc;
using base::Error;

/// As long as another process may hold the lock while it opens or closes the database.
constexpr int kBusyMilliseconds = 1000;

bool is_full(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

Error unavailable(std::string message) {
  return {Errc::unavailable, std::move(message)};
}

Error disk_error(int error) {
  if (is_full(error)) return unavailable("the disk is full; free space, and it works again");
  const std::string reason = error == 0 ? "" : " (" + std::generic_category().message(error) + ")";
  return unavailable("the disk cannot be read or written" + reason +
                     "; see whether it is full or failing");
}

Error error_of(sqlite3* database, int code) {
  const int error = sqlite3_system_errno(database);
  const std::string text = sqlite3_errmsg(database);
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return unavailable("the disk is full; free space, and it works again");
    case SQLITE_IOERR:
      return disk_error(error);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return unavailable("the file or its folder is read-only; make both writable for imdsd");
    case SQLITE_CANTOPEN:
      if (is_full(error)) return disk_error(error);
      return unavailable(
          "it cannot be opened, or no file be made beside it; make the folder and "
          "its files readable and writable for imdsd");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return unavailable("another process has it locked; stop that process");
    case SQLITE_NOTADB:
      return {Errc::corrupt, "it is not a database; put a backup in its place, or move it away"};
    case SQLITE_CORRUPT:
      return {Errc::corrupt,
              "it is damaged (" + text + "); put a backup in its place, or move it away"};
    case SQLITE_NOMEM:
      return unavailable("out of memory");
    case SQLITE_TOOBIG:
      return {Errc::too_large, text};
    default:
      return {Errc::internal, text};
  }
}

tl::unexpected<Error> failed(sqlite3* database, int code) {
  return tl::unexpected<Error>(error_of(database, code));
}

/// A `file:` URI (https://www.sqlite.org/uri.html), which alone can say immutable.
std::string immutable_uri(const std::string& path) {
  return "file:" + base::percent_encode(path, true) + "?immutable=1";
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL.
  const char* const data = text.data() == nullptr ? "" : text.data();
  const int code =
      sqlite3_bind_text64(handle_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind(int index, std::int64_t number) {
  const int code = sqlite3_bind_int64(handle_.get(), index, number);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind_bytes(int index, std::string_view bytes) {
  const char* const data = bytes.data() == nullptr ? "" : bytes.data();
  const int code = sqlite3_bind_blob64(handle_.get(), index, data, bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

base::Result<bool> Statement::step() {
  const int code = bind_error_ != 0 ? bind_error_ : sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failed(sqlite3_db_handle(handle_.get()), code);
}

base::Result<void> Statement::run() {
  auto row = step();
  while (row && *row) row = step();
  reset();
  if (!row) return tl::unexpected(std::move(row).error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  bind_error_ = 0;
}

std::string_view Statement::text(int column) const {
  const unsigned char* const data = sqlite3_column_text(handle_.get(), column);
  if (data == nullptr) return {};
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::bytes(int column) const {
  const void* const data = sqlite3_column_blob(handle_.get(), column);
  if (data == nullptr) return {};
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

void Connection::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

base::Result<Connection> Connection::open(const std::string& path, Access access) {
  const int mode = access == Access::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const bool immutable = access == Access::immutable;
  const int flags = mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE |
                    (immutable ? SQLITE_OPEN_URI : 0);
  const std::string name = immutable ? immutable_uri(path) : path;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  Connection connection;
  connection.handle_.reset(handle);
  if (handle == nullptr) return base::fail(Errc::unavailable, "out of memory");
  if (code != SQLITE_OK) return failed(handle, code);
  // SQLite opens read-only what it may not write, and says so here alone.
  if (access == Access::read_write && sqlite3_db_readonly(handle, "main") != 0) {
    return failed(handle, SQLITE_READONLY);
  }
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  return connection;
}

base::Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  Statement statement;
  statement.handle_.reset(handle);
  if (code != SQLITE_OK) return failed(handle_.get(), code);
  return statement;
}

base::Result<void> Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(handle_.get(), code);
  return {};
}

base::Result<std::int64_t> Connection::number(std::string_view sql) {
  IMDSD_TRY(Statement statement, prepare(sql));
  IMDSD_TRY(const bool row, statement.step());
  return row ? statement.number(0) : 0;
}

base::Result<std::string> Connection::text(std::string_view sql) {
  IMDSD_TRY(Statement statement, prepare(sql));
  IMDSD_TRY(const bool row, statement.step());
  return std::string(row ? statement.text(0) : "");
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(handle_.get());
}

std::int64_t Connection::last_id() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

void Connection::checkpoint_on_close(bool on) {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

base::Result<SqlTransaction> SqlTransaction::begin(Connection& connection) {
  if (!connection.begin_) {
    IMDSD_TRY(connection.commit_, connection.prepare("COMMIT"));
    IMDSD_TRY(connection.rollback_, connection.prepare("ROLLBACK"));
    IMDSD_TRY(connection.begin_, connection.prepare("BEGIN IMMEDIATE"));
  }
  IMDSD_TRY_VOID(connection.begin_.run());
  return SqlTransaction(connection);
}

SqlTransaction::SqlTransaction(SqlTransaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

SqlTransaction::~SqlTransaction() {
  // Some failures, as a full disk, have rolled it back already. That a rollback fails as well
  // changes nothing: without a commit there is nothing to take back.
  if (connection_ != nullptr && connection_->in_transaction()) {
    (void)connection_->rollback_.run();
  }
}

base::Result<void> SqlTransaction::commit() {
  IMDSD_TRY_VOID(connection_->commit_.run());
  connection_ = nullptr;
  return {};
}

}  // namespace imdsd::store
