// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "iam/store.h"
#include "store/entity_rows.h"
#include "store/sqlite.h"

namespace imdsd::store {

/// The directory in one SQLite file: write-ahead log, foreign keys, a sync with each commit.
/// Thread-safe; calls take turns. A file that does not read as it should is never written to.
///
/// Errors begin with the path. Errc::unavailable: the file or its folder cannot be read or written
/// (a full disk, no permission, a lock), and the same call works once that is mended.
/// Errc::corrupt: it is damaged, or no database of ours. Errc::invalid_argument: a newer imdsd made
/// it.
class SqliteStore final : public iam::Store {
 public:
  /// Makes the database if there is none, mode 0600; brings an older one to the newest tables.
  [[nodiscard]] static base::Result<std::unique_ptr<SqliteStore>> open(const std::string& path);
  /// For a file or folder that cannot be written: what there is can be loaded, and each commit is
  /// Errc::unavailable. Errc::not_found when there is none.
  [[nodiscard]] static base::Result<std::unique_ptr<SqliteStore>> open_read_only(
      const std::string& path);

  /// Whether open() made the tables just now.
  [[nodiscard]] bool created() const noexcept { return created_; }

  [[nodiscard]] base::Result<Content> load() override;
  [[nodiscard]] base::Result<void> commit(std::span<const iam::Change> changes) override;
  /// An id that no entity or access key has is passed over: its owner went in the meantime.
  [[nodiscard]] base::Result<void> commit_usage(std::span<const iam::Usage> usage) override;

  /// Facts about the database as a whole, by name; durable when it returns.
  [[nodiscard]] base::Result<std::optional<std::string>> meta(std::string_view key) override;
  [[nodiscard]] base::Result<void> set_meta(std::string_view key, std::string_view value) override;

 private:
  SqliteStore(std::string path, Connection connection)
      : path_(std::move(path)), connection_(std::move(connection)) {}
  [[nodiscard]] base::Result<void> prepare_statements();
  [[nodiscard]] base::Result<void> load_entities(Content& out);
  [[nodiscard]] base::Result<void> load_usage(Content& out);
  [[nodiscard]] base::Result<void> write_usage(std::span<const iam::Usage> usage);
  /// Runs `write` in a transaction.
  template <class Write>
  [[nodiscard]] base::Result<void> in_transaction(Write write);

  const std::string path_;
  bool created_ = false;
  std::mutex mutex_;  // guards what follows
  Connection connection_;
  std::optional<EntityRows> rows_;  // none: read-only
  Statement put_usage_, put_meta_;
};

}  // namespace imdsd::store
