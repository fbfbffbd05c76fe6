// SPDX-License-Identifier: MIT
#include "store/s3_uploads.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "s3/checksum.h"
#include "s3/roll_keys.h"
#include "store/s3_buckets.h"
#include "store/s3_contents.h"
#include "store/s3_text.h"

namespace imdsd::store {
namespace {

using base::Result;
using s3::IndexErrc;
using s3::IndexResult;

/// key, id, initiated, owner, initiator, checksum_algorithm, checksum_type, then attributes
Result<s3::Upload> upload_of(const Statement& row) {
  s3::Upload upload;
  upload.key = row.bytes(0);
  upload.id = row.text(1);
  upload.initiated = decode_time(row.number(2));
  upload.owner = row.text(3);
  upload.initiator = row.text(4);
  upload.checksum_algorithm = s3::checksum_algorithm(row.text(5));
  if (!upload.checksum_algorithm && !row.text(5).empty()) return damaged("checksum_algorithm");
  const auto type = s3::checksum_type(row.text(6));
  if (!type) return damaged("checksum_type");
  upload.checksum_type = *type;
  IMDSD_TRY(upload.attributes, attributes_of(row, 7));
  return upload;
}

/// A walk over the uploads of a bucket; see s3::roll_keys().
struct UploadCursor {
  [[nodiscard]] std::optional<std::string_view> key() const {
    return found ? std::optional(rows->bytes(0)) : std::nullopt;
  }
  [[nodiscard]] Result<void> next() {
    IMDSD_TRY(found, rows->step());
    return {};
  }
  [[nodiscard]] Result<void> seek(std::string_view from) {
    start = {std::string(from), {}};
    return seek_start();
  }
  [[nodiscard]] Result<void> seek_start() {
    rows->reset();
    rows->bind(1, bucket).bind_bytes(2, start.first).bind(3, start.second);
    return next();
  }

  Query rows;
  std::int64_t bucket;
  std::pair<std::string, std::string> start;  // lives until the next seek
  bool found = false;
};

}  // namespace

IndexResult<void> insert_upload(Statements& statements, std::string_view bucket,
                                const s3::Upload& upload) {
  IMDSD_TRY(const std::int64_t id, bucket_id(statements, bucket));
  IMDSD_TRY(const std::int64_t content, insert_content(statements, upload.attributes));
  IMDSD_TRY(const Query row,
            statements.get("INSERT INTO upload (bucket, key, id, content, initiated, owner, "
                           "initiator, checksum_algorithm, checksum_type) VALUES (?1, ?2, ?3, ?4, "
                           "?5, ?6, ?7, ?8, ?9)"));
  const std::string_view algorithm =
      upload.checksum_algorithm ? s3::name_of(*upload.checksum_algorithm) : std::string_view();
  IMDSD_TRY_VOID(row->bind(1, id)
                     .bind_bytes(2, upload.key)
                     .bind(3, upload.id)
                     .bind(4, content)
                     .bind(5, encode_time(upload.initiated))
                     .bind(6, upload.owner)
                     .bind(7, upload.initiator)
                     .bind(8, algorithm)
                     .bind(9, s3::name_of(upload.checksum_type))
                     .run());
  return {};
}

IndexResult<FoundUpload> find_upload_id(Statements& statements, std::string_view bucket,
                                        std::string_view key, std::string_view id) {
  IMDSD_TRY(const std::int64_t in, bucket_id(statements, bucket));
  IMDSD_TRY(const Query row,
            statements.get("SELECT content FROM upload WHERE bucket = ?1 AND key = ?2 AND id = "
                           "?3"));
  IMDSD_TRY(const bool found, row->bind(1, in).bind_bytes(2, key).bind(3, id).step());
  if (!found) return s3::refuse(IndexErrc::no_such_upload);
  return FoundUpload{in, row->number(0)};
}

IndexResult<s3::Upload> find_upload(Statements& statements, std::string_view bucket,
                                    std::string_view key, std::string_view id) {
  IMDSD_TRY(const Query row,
            statements.get("SELECT u.key, u.id, u.initiated, u.owner, u.initiator, "
                           "u.checksum_algorithm, u.checksum_type, c.headers, c.metadata, c.tags "
                           "FROM upload u CROSS JOIN content c ON c.id = u.content WHERE u.bucket "
                           "= (SELECT id FROM bucket WHERE name = ?1) AND u.key = ?2 AND u.id = "
                           "?3"));
  IMDSD_TRY(const bool found, row->bind(1, bucket).bind_bytes(2, key).bind(3, id).step());
  if (!found) {
    IMDSD_TRY_VOID(bucket_id(statements, bucket));
    return s3::refuse(IndexErrc::no_such_upload);
  }
  IMDSD_TRY(s3::Upload upload, upload_of(*row));
  return upload;
}

IndexResult<s3::UploadPage> find_uploads(Statements& statements, std::string_view bucket,
                                         const s3::UploadQuery& query) {
  IMDSD_TRY(const std::int64_t id, bucket_id(statements, bucket));
  IMDSD_TRY(Query rows,
            statements.get("SELECT u.key, u.id, u.initiated, u.owner, u.initiator, "
                           "u.checksum_algorithm, u.checksum_type, c.headers, c.metadata, c.tags "
                           "FROM upload u CROSS JOIN content c ON c.id = u.content WHERE u.bucket "
                           "= ?1 AND (u.key, u.id) >= (?2, ?3) ORDER BY u.key, u.id"));
  UploadCursor cursor{std::move(rows), id, s3::first_upload(query)};
  IMDSD_TRY_VOID(cursor.seek_start());
  s3::UploadPage page;
  Result<void> decoded;
  const auto on_key = [&] {
    auto upload = upload_of(*cursor.rows);
    if (upload) {
      page.uploads.push_back(*std::move(upload));
    } else {
      decoded = tl::unexpected(std::move(upload).error());
    }
  };
  IMDSD_TRY(const auto next, s3::roll_keys(cursor, s3::roll_range(query), on_key, [&](auto prefix) {
              page.common_prefixes.emplace_back(prefix);
            }));
  IMDSD_TRY_VOID(std::move(decoded));
  s3::set_next_markers(page, next.has_value());
  return page;
}

Result<void> erase_upload(Statements& statements, std::int64_t bucket, std::string_view key,
                          std::string_view id) {
  IMDSD_TRY(const Query row,
            statements.get("DELETE FROM upload WHERE bucket = ?1 AND key = ?2 AND id = ?3"));
  return row->bind(1, bucket).bind_bytes(2, key).bind(3, id).run();
}

Result<s3::Discarded> erase_uploads(Statements& statements, std::int64_t bucket) {
  s3::Discarded files;
  std::vector<std::int64_t> contents;
  IMDSD_TRY(const Query row,
            statements.get("DELETE FROM upload WHERE bucket = ?1 RETURNING content"));
  row->bind(1, bucket);
  while (true) {
    IMDSD_TRY(const bool found, row->step());
    if (!found) break;
    contents.push_back(row->number(0));
  }
  for (const std::int64_t content : contents) {
    IMDSD_TRY_VOID(erase_content(statements, content, files));
  }
  return files;
}

IndexResult<void> choose_parts(Statements& statements, std::int64_t content,
                               const std::vector<s3::Part>& chosen, s3::Discarded& out) {
  IMDSD_TRY(const s3::PartPage there,
            find_parts(statements, content, 0, std::numeric_limits<std::size_t>::max()));
  auto next = chosen.begin();
  for (const s3::Part& part : there.parts) {
    if (next != chosen.end() && next->number == part.number && next->file == part.file) {
      ++next;
    } else {
      IMDSD_TRY_VOID(erase_part(statements, content, part.number, out));
    }
  }
  // Both are in order: what was passed over is not there.
  if (next != chosen.end()) return s3::refuse(IndexErrc::invalid_part);
  return {};
}

}  // namespace imdsd::store
