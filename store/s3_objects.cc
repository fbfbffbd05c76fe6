// SPDX-License-Identifier: MIT
#include "store/s3_objects.h"

#include <optional>
#include <string>
#include <utility>

#include "s3/roll_keys.h"
#include "store/s3_buckets.h"
#include "store/s3_contents.h"
#include "store/s3_text.h"

namespace imdsd::store {
namespace {

using base::Result;
using s3::IndexErrc;
using s3::IndexResult;

/// size, etag, modified, checksum, owner, multipart, then attributes
Result<s3::Object> object_of(const Statement& row, std::string_view key) {
  s3::Object object;
  object.key = key;
  object.size = static_cast<std::uint64_t>(row.number(0));
  object.etag = row.text(1);
  object.last_modified = decode_time(row.number(2));
  IMDSD_TRY(object.checksum, decode_checksum(row.text(3)));
  object.owner = row.text(4);
  object.multipart = row.number(5) != 0;
  IMDSD_TRY(object.attributes, attributes_of(row, 6));
  return object;
}

/// A walk over the keys of a bucket; see s3::roll_keys().
struct ObjectCursor {
  [[nodiscard]] std::optional<std::string_view> key() const {
    return found ? std::optional(rows->bytes(0)) : std::nullopt;
  }
  [[nodiscard]] Result<void> next() {
    IMDSD_TRY(found, rows->step());
    return {};
  }
  [[nodiscard]] Result<void> seek(std::string_view from) {
    rows->reset();
    start = from;  // lives until the next seek
    rows->bind(1, bucket).bind_bytes(2, start);
    return next();
  }
  [[nodiscard]] Result<s3::ListedObject> object() const {
    s3::ListedObject object;
    object.key = rows->bytes(0);
    object.size = static_cast<std::uint64_t>(rows->number(1));
    object.etag = rows->text(2);
    object.last_modified = decode_time(rows->number(3));
    IMDSD_TRY(object.checksum, decode_checksum(rows->text(4)));
    object.owner = rows->text(5);
    return object;
  }

  Query rows;
  std::int64_t bucket;
  std::string start = {};
  bool found = false;
};

}  // namespace

IndexResult<s3::Object> find_object(Statements& statements, std::string_view bucket,
                                    std::string_view key, s3::Index::Detail detail) {
  // One statement, so that all of it is of one moment.
  IMDSD_TRY(const Query row,
            statements.get("SELECT o.size, o.etag, o.modified, o.checksum, o.owner, o.multipart, "
                           "c.headers, c.metadata, c.tags, p.number, p.file, p.size, p.etag, "
                           "p.modified, p.checksum FROM object o CROSS JOIN content c ON c.id = "
                           "o.content LEFT JOIN part p ON p.content = c.id WHERE o.bucket = "
                           "(SELECT id FROM bucket WHERE name = ?1) AND o.key = ?2 ORDER BY "
                           "p.number"));
  IMDSD_TRY(const bool found, row->bind(1, bucket).bind_bytes(2, key).step());
  if (!found) {
    IMDSD_TRY_VOID(bucket_id(statements, bucket));
    return s3::refuse(IndexErrc::no_such_key);
  }
  IMDSD_TRY(s3::Object object, object_of(*row, key));
  bool more = detail == s3::Index::Detail::with_parts && !row->is_null(9);
  while (more) {
    IMDSD_TRY(s3::Part part, part_of(*row, 9));
    object.parts.push_back(std::move(part));
    IMDSD_TRY(more, row->step());
  }
  return object;
}

IndexResult<s3::ObjectPage> find_objects(Statements& statements, std::string_view bucket,
                                         const s3::ObjectQuery& query) {
  IMDSD_TRY(const std::int64_t id, bucket_id(statements, bucket));
  IMDSD_TRY(Query rows,
            statements.get("SELECT key, size, etag, modified, checksum, owner FROM object WHERE "
                           "bucket = ?1 AND key >= ?2 ORDER BY key"));
  ObjectCursor cursor{std::move(rows), id};
  IMDSD_TRY_VOID(cursor.seek(s3::first_key(query.prefix, query.after, query.from)));
  s3::ObjectPage page;
  Result<void> decoded;
  const auto on_key = [&] {
    auto object = cursor.object();
    if (object) {
      page.objects.push_back(*std::move(object));
    } else {
      decoded = tl::unexpected(std::move(object).error());
    }
  };
  IMDSD_TRY(page.next, s3::roll_keys(cursor, s3::roll_range(query), on_key, [&](auto prefix) {
              page.common_prefixes.emplace_back(prefix);
            }));
  IMDSD_TRY_VOID(std::move(decoded));
  return page;
}

IndexResult<s3::Discarded> make_way(Statements& statements, std::int64_t bucket,
                                    std::string_view key, const s3::WriteCondition& condition) {
  std::optional<std::int64_t> content;
  {
    IMDSD_TRY(const Query row,
              statements.get("SELECT content, etag FROM object WHERE bucket = ?1 AND key = ?2"));
    IMDSD_TRY(const bool found, row->bind(1, bucket).bind_bytes(2, key).step());
    IMDSD_TRY_VOID(s3::check_condition(
        condition, found ? std::optional<std::string_view>(row->text(1)) : std::nullopt));
    if (found) content = row->number(0);
  }
  s3::Discarded files;
  if (!content) return files;
  IMDSD_TRY_VOID(erase_content(statements, *content, files));
  IMDSD_TRY(const Query row, statements.get("DELETE FROM object WHERE bucket = ?1 AND key = ?2"));
  IMDSD_TRY_VOID(row->bind(1, bucket).bind_bytes(2, key).run());
  return files;
}

Result<void> insert_object(Statements& statements, std::int64_t bucket, const s3::Object& object,
                           std::int64_t content) {
  IMDSD_TRY(const Query row,
            statements.get("INSERT INTO object (bucket, key, content, size, etag, modified, "
                           "checksum, owner, multipart) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                           "?9)"));
  const std::string checksum = encode_checksum(object.checksum);
  return row->bind(1, bucket)
      .bind_bytes(2, object.key)
      .bind(3, content)
      .bind(4, static_cast<std::int64_t>(object.size))
      .bind(5, object.etag)
      .bind(6, encode_time(object.last_modified))
      .bind(7, checksum)
      .bind(8, object.owner)
      .bind(9, std::int64_t{object.multipart})
      .run();
}

IndexResult<void> update_object_tags(Statements& statements, std::string_view bucket,
                                     std::string_view key, const s3::Tags& tags) {
  IMDSD_TRY(const std::int64_t id, bucket_id(statements, bucket));
  IMDSD_TRY(const Query row,
            statements.get("UPDATE content SET tags = ?3 WHERE id = (SELECT content FROM object "
                           "WHERE bucket = ?1 AND key = ?2)"));
  const std::string text = encode_tags(tags);
  IMDSD_TRY_VOID(row->bind(1, id).bind_bytes(2, key).bind(3, text).run());
  if (statements.connection().changes() == 0) return s3::refuse(IndexErrc::no_such_key);
  return {};
}

}  // namespace imdsd::store
