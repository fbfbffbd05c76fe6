// SPDX-License-Identifier: MIT
#include "store/s3_schema.h"

#include <array>

namespace imdsd::store {
namespace {

/// "ims3"
constexpr std::int64_t kApplicationId = 0x696D7333;

// Times are microseconds since 1970. Keys are BLOBs: they compare as bytes. A `content` is what an
// object consists of, or an upload will make one of; when it goes its parts go, and their files are
// `discarded` until they are removed. `object` has what lists tell, so that a page of them is a few
// pages of the file.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE bucket (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  region TEXT NOT NULL,
  owner TEXT NOT NULL,
  created INTEGER NOT NULL,
  policy TEXT NOT NULL,
  tags TEXT NOT NULL,
  public_access_block INTEGER,
  ownership TEXT
) STRICT;

CREATE TABLE content (
  id INTEGER PRIMARY KEY,
  headers TEXT NOT NULL,
  metadata TEXT NOT NULL,
  tags TEXT NOT NULL
) STRICT;

CREATE TABLE part (
  content INTEGER NOT NULL REFERENCES content (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (content, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE object (
  bucket INTEGER NOT NULL REFERENCES bucket (id),
  key BLOB NOT NULL,
  content INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  owner TEXT NOT NULL,
  multipart INTEGER NOT NULL,
  PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
  bucket INTEGER NOT NULL REFERENCES bucket (id),
  key BLOB NOT NULL,
  id TEXT NOT NULL,
  content INTEGER NOT NULL,
  initiated INTEGER NOT NULL,
  owner TEXT NOT NULL,
  initiator TEXT NOT NULL,
  checksum_algorithm TEXT NOT NULL,
  checksum_type TEXT NOT NULL,
  PRIMARY KEY (bucket, key, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE discarded (
  file TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TRIGGER part_discarded AFTER DELETE ON part
  BEGIN INSERT OR IGNORE INTO discarded (file) VALUES (old.file); END;
)sql";

constexpr std::array<Migration, 1> kMigrations{{{1, kVersion1}}};

}  // namespace

Schema s3_schema() {
  return {kApplicationId, kMigrations};
}

}  // namespace imdsd::store
