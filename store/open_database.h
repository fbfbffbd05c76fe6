// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "base/result.h"
#include "store/migrations.h"
#include "store/sqlite.h"

namespace imdsd::store {

/// The same with the path in front.
template <class T>
[[nodiscard]] T about(const std::string& path, T result) {
  if (result) return result;
  return base::fail_in("`" + path + "`", std::move(result).error());
}

struct OpenedDatabase {
  Connection connection;
  bool created = false;  // the tables were made just now
};

/// Makes the file if there is none, mode 0600, and brings its tables to the newest version. With a
/// write-ahead log, foreign keys, and a sync with each commit. What does not read as it should is
/// never written to. Errors do not name the path; their codes are those of SqliteStore.
[[nodiscard]] base::Result<OpenedDatabase> open_database(const std::string& path,
                                                         const Schema& schema);
/// For a file or folder that cannot be written. Errc::not_found when there is none.
[[nodiscard]] base::Result<Connection> open_database_read_only(const std::string& path,
                                                               const Schema& schema);

}  // namespace imdsd::store
