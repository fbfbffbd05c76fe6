// SPDX-License-Identifier: MIT
// The tables, as numbered steps from an empty database to the newest. A step that was released is
// never changed; the next one is appended.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "store/sqlite.h"

namespace imdsd::store {

struct Migration {
  int version = 0;  // 1, 2, …
  const char* sql = "";
};

/// What one database holds.
struct Schema {
  /// Tells it from the databases of other programs, and from our others
  /// (https://www.sqlite.org/fileformat2.html#application_id).
  std::int64_t application_id = 0;
  std::span<const Migration> steps;
};

/// The version of the tables; 0: there are none. Reads only. Errc::corrupt when it is another
/// program's database, Errc::invalid_argument when it is of a newer version than `schema`.
[[nodiscard]] base::Result<int> schema_version(Connection& connection, const Schema& schema);

/// Runs the steps behind `version`, all or none.
[[nodiscard]] base::Result<void> migrate(Connection& connection, int version, const Schema& schema);

}  // namespace imdsd::store
