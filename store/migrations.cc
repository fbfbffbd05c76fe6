// SPDX-License-Identifier: MIT
#include "store/migrations.h"

#include <string>

namespace imdsd::store {

using base::Errc;

base::Result<int> schema_version(Connection& connection, const Schema& schema) {
  IMDSD_TRY(const auto application, connection.number("PRAGMA application_id"));
  IMDSD_TRY(const auto version, connection.number("PRAGMA user_version"));
  IMDSD_TRY(const auto objects, connection.number("SELECT count(*) FROM sqlite_schema"));
  if (application == 0 && version == 0 && objects == 0) return 0;
  if (application != schema.application_id || version < 1 || objects == 0) {
    return base::fail(Errc::corrupt,
                      "it is the database of another program; put a backup in its place, or move "
                      "it away");
  }
  if (version > schema.steps.back().version) {
    return base::fail(Errc::invalid_argument,
                      "it has version " + std::to_string(version) +
                          ", of a newer imdsd; this one knows versions up to " +
                          std::to_string(schema.steps.back().version));
  }
  return static_cast<int>(version);
}

base::Result<void> migrate(Connection& connection, int version, const Schema& schema) {
  if (version == schema.steps.back().version) return {};
  IMDSD_TRY(SqlTransaction transaction, SqlTransaction::begin(connection));
  for (const Migration& step : schema.steps) {
    if (step.version <= version) continue;
    if (auto done = connection.execute(step.sql); !done) {
      return base::fail_in("migration " + std::to_string(step.version), std::move(done).error());
    }
  }
  const std::string mark = "PRAGMA application_id = " + std::to_string(schema.application_id) +
                           "; PRAGMA user_version = " + std::to_string(schema.steps.back().version);
  IMDSD_TRY_VOID(connection.execute(mark.c_str()));
  return transaction.commit();
}

}  // namespace imdsd::store
