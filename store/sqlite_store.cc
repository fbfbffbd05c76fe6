// SPDX-License-Identifier: MIT
#include "store/sqlite_store.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "iam/entity_loader.h"
#include "store/directory_schema.h"
#include "store/open_database.h"

namespace imdsd::store {
namespace {

using base::Errc;
using base::Result;

/// More decode no faster than one reads.
constexpr unsigned kMostLanes = 4;

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path) {
  const auto attempt = [&]() -> Result<std::unique_ptr<SqliteStore>> {
    IMDSD_TRY(OpenedDatabase opened, open_database(path, directory_schema()));
    std::unique_ptr<SqliteStore> store(new SqliteStore(path, std::move(opened.connection)));
    store->created_ = opened.created;
    IMDSD_TRY_VOID(store->prepare_statements());
    return store;
  };
  return about(path, attempt());
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open_read_only(const std::string& path) {
  IMDSD_TRY(Connection connection, about(path, open_database_read_only(path, directory_schema())));
  return std::unique_ptr<SqliteStore>(new SqliteStore(path, std::move(connection)));
}

Result<void> SqliteStore::prepare_statements() {
  IMDSD_TRY(rows_, EntityRows::prepare(connection_));
  IMDSD_TRY(put_usage_,
            connection_.prepare("INSERT OR REPLACE INTO usage (id, time, service, region) SELECT "
                                "?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM entity WHERE id = ?1) "
                                "OR EXISTS (SELECT 1 FROM access_key WHERE id = ?1)"));
  IMDSD_TRY(put_meta_,
            connection_.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)"));
  return {};
}

Result<SqliteStore::Content> SqliteStore::load() {
  std::lock_guard lock(mutex_);
  Content content;
  IMDSD_TRY_VOID(about(path_, load_entities(content)));
  IMDSD_TRY_VOID(about(path_, load_usage(content)));
  return content;
}

Result<void> SqliteStore::load_entities(Content& out) {
  IMDSD_TRY(const auto count, connection_.number("SELECT count(*) FROM entity"));
  const unsigned lanes = std::min(std::thread::hardware_concurrency(), kMostLanes);
  iam::EntityLoader loader(lanes, static_cast<std::size_t>(count));
  IMDSD_TRY(Statement rows, connection_.prepare("SELECT id, kind, body FROM entity"));
  while (true) {
    IMDSD_TRY(const bool row, rows.step());
    if (!row) break;
    IMDSD_TRY_VOID(loader.add(
        {std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))}));
  }
  IMDSD_TRY(out.entities, loader.finish());
  return {};
}

Result<void> SqliteStore::load_usage(Content& out) {
  IMDSD_TRY(Statement rows, connection_.prepare("SELECT id, time, service, region FROM usage"));
  while (true) {
    IMDSD_TRY(const bool row, rows.step());
    if (!row) return {};
    out.usage.push_back({std::string(rows.text(0)),
                         base::SystemTime(std::chrono::seconds(rows.number(1))),
                         std::string(rows.text(2)), std::string(rows.text(3))});
  }
}

template <class Write>
Result<void> SqliteStore::in_transaction(Write write) {
  const auto attempt = [&]() -> Result<void> {
    if (!rows_) return base::fail(Errc::unavailable, "it is open for reading only");
    IMDSD_TRY(SqlTransaction transaction, SqlTransaction::begin(connection_));
    IMDSD_TRY_VOID(write());
    return transaction.commit();
  };
  return about(path_, attempt());
}

Result<void> SqliteStore::commit(std::span<const iam::Change> changes) {
  std::lock_guard lock(mutex_);
  return in_transaction([&]() -> Result<void> {
    for (const iam::Change& change : changes) IMDSD_TRY_VOID(rows_->apply(change));
    return {};
  });
}

Result<void> SqliteStore::commit_usage(std::span<const iam::Usage> usage) {
  std::lock_guard lock(mutex_);
  if (!rows_) return base::fail(Errc::unavailable, "`" + path_ + "`: it is open for reading only");
  // Not worth a sync: the next commit's, or the next checkpoint's, makes it durable.
  IMDSD_TRY_VOID(about(path_, connection_.execute("PRAGMA synchronous = NORMAL")));
  auto written = in_transaction([&] { return write_usage(usage); });
  IMDSD_TRY_VOID(about(path_, connection_.execute("PRAGMA synchronous = FULL")));
  return written;
}

Result<void> SqliteStore::write_usage(std::span<const iam::Usage> usage) {
  for (const iam::Usage& use : usage) {
    const auto time = std::chrono::floor<std::chrono::seconds>(use.time).time_since_epoch();
    IMDSD_TRY_VOID(put_usage_.bind(1, use.id)
                       .bind(2, static_cast<std::int64_t>(time.count()))
                       .bind(3, use.service)
                       .bind(4, use.region)
                       .run());
  }
  return {};
}

Result<std::optional<std::string>> SqliteStore::meta(std::string_view key) {
  std::lock_guard lock(mutex_);
  const auto attempt = [&]() -> Result<std::optional<std::string>> {
    IMDSD_TRY(Statement row, connection_.prepare("SELECT value FROM meta WHERE key = ?1"));
    IMDSD_TRY(const bool found, row.bind(1, key).step());
    if (!found) return std::optional<std::string>();
    return std::optional(std::string(row.text(0)));
  };
  return about(path_, attempt());
}

Result<void> SqliteStore::set_meta(std::string_view key, std::string_view value) {
  std::lock_guard lock(mutex_);
  return in_transaction([&] { return put_meta_.bind(1, key).bind(2, value).run(); });
}

}  // namespace imdsd::store
