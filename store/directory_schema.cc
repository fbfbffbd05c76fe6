// SPDX-License-Identifier: MIT
#include "store/directory_schema.h"

#include <array>

namespace imdsd::store {
namespace {

/// "imds"
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

Schema directory_schema() {
  return {kApplicationId, kMigrations};
}

}  // namespace imdsd::store
