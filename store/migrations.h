// SPDX-License-Identifier: MIT
// The tables, as numbered steps from an empty database to the newest. A step that was released is
// never changed; the next one is appended.
#pragma once

#include <span>

#include "base/result.h"
#include "store/sqlite.h"

namespace imdsd::store {

struct Migration {
  int version = 0;  // 1, 2, …
  const char* sql = "";
};

[[nodiscard]] std::span<const Migration> migrations();

/// The version of the tables; 0: there are none. Reads only. Errc::corrupt when it is another
/// program's database, Errc::invalid_argument when it is of a newer version than `known`.
[[nodiscard]] base::Result<int> schema_version(Connection& connection,
                                               std::span<const Migration> known);

/// Runs the steps behind `version`, all or none.
[[nodiscard]] base::Result<void> migrate(Connection& connection, int version,
                                         std::span<const Migration> steps);

}  // namespace imdsd::store
