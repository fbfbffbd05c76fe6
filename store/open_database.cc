// SPDX-License-Identifier: MIT
#include "store/open_database.h"

#include "store/database_file.h"

namespace imdsd::store {
namespace {

using base::Errc;
using base::Result;

Result<void> use_write_ahead_log(Connection& connection) {
  IMDSD_TRY(const std::string mode, connection.text("PRAGMA journal_mode = WAL"));
  if (mode != "wal") {
    return base::fail(Errc::unavailable, "its file system cannot hold a write-ahead log");
  }
  return connection.execute("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
}

}  // namespace

Result<OpenedDatabase> open_database(const std::string& path, const Schema& schema) {
  IMDSD_TRY_VOID(prepare_writable(path));
  IMDSD_TRY(Connection connection, Connection::open(path, Access::read_write));
  // Until it is known to be ours nothing is written, not even its own log.
  connection.checkpoint_on_close(false);
  IMDSD_TRY(const int version, schema_version(connection, schema));
  connection.checkpoint_on_close(true);
  IMDSD_TRY_VOID(use_write_ahead_log(connection));
  IMDSD_TRY_VOID(migrate(connection, version, schema));
  return OpenedDatabase{std::move(connection), version == 0};
}

Result<Connection> open_database_read_only(const std::string& path, const Schema& schema) {
  IMDSD_TRY_VOID(check_readable(path));
  // Reading a log needs the index beside it; without a log the file alone is all there is, and
  // SQLite would want to make both.
  const Access access = has_log(path) ? Access::read_only : Access::immutable;
  IMDSD_TRY(Connection connection, Connection::open(path, access));
  connection.checkpoint_on_close(false);
  IMDSD_TRY(const int version, schema_version(connection, schema));
  if (version != schema.steps.back().version) {
    return base::fail(Errc::unavailable, "it has version " + std::to_string(version) +
                                             ", which has to be written to be read; make the "
                                             "file and its folder writable for imdsd");
  }
  return connection;
}

}  // namespace imdsd::store
