// SPDX-License-Identifier: MIT
#include "store/migrations.h"

#include <array>
#include <string>

namespace imdsd::store {
namespace {

using base::Errc;

/// "imds"; tells our databases from others
/// (https://www.sqlite.org/fileformat2.html#application_id).
constexpr std::int64_t kApplicationId = 0x696D6473;

// An entity's body is its JSON (iam/entity_codec.h). The other columns and tables hold what it
// says as well, so that the database refuses what the directory must not be.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE entity (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  name_key TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (kind, account, name_key)
) STRICT;

CREATE TABLE access_key (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES entity (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX access_key_of_user ON access_key (user_id);

CREATE TABLE membership (
  user_id TEXT NOT NULL REFERENCES entity (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  group_id TEXT NOT NULL REFERENCES entity (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (user_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_of_group ON membership (group_id);

CREATE TABLE usage (
  id TEXT NOT NULL PRIMARY KEY,
  time INTEGER NOT NULL,
  service TEXT NOT NULL,
  region TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entity_usage AFTER DELETE ON entity
  BEGIN DELETE FROM usage WHERE id = old.id; END;
CREATE TRIGGER access_key_usage AFTER DELETE ON access_key
  BEGIN DELETE FROM usage WHERE id = old.id; END;

CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array<Migration, 1> kMigrations{{{1, kVersion1}}};

}  // namespace

std::span<const Migration> migrations() {
  return kMigrations;
}

base::Result<int> schema_version(Connection& connection, std::span<const Migration> known) {
  IMDSD_TRY(const auto application, connection.number("PRAGMA application_id"));
  IMDSD_TRY(const auto version, connection.number("PRAGMA user_version"));
  IMDSD_TRY(const auto objects, connection.number("SELECT count(*) FROM sqlite_schema"));
  if (application == 0 && version == 0 && objects == 0) return 0;
  if (application != kApplicationId || version < 1 || objects == 0) {
    return base::fail(Errc::corrupt,
                      "it is the database of another program; put a backup in its place, or move "
                      "it away");
  }
  if (version > known.back().version) {
    return base::fail(Errc::invalid_argument,
                      "it has version " + std::to_string(version) +
                          ", of a newer imdsd; this one knows versions up to " +
                          std::to_string(known.back().version));
  }
  return static_cast<int>(version);
}

base::Result<void> migrate(Connection& connection, int version, std::span<const Migration> steps) {
  if (version == steps.back().version) return {};
  IMDSD_TRY(SqlTransaction transaction, SqlTransaction::begin(connection));
  for (const Migration& step : steps) {
    if (step.version <= version) continue;
    if (auto done = connection.execute(step.sql); !done) {
      return base::fail_in("migration " + std::to_string(step.version), std::move(done).error());
    }
  }
  const std::string mark = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                           "; PRAGMA user_version = " + std::to_string(steps.back().version);
  IMDSD_TRY_VOID(connection.execute(mark.c_str()));
  return transaction.commit();
}

}  // namespace imdsd::store
