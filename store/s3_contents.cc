// SPDX-License-Identifier: MIT
#include "store/s3_contents.h"

#include <string>
#include <utility>

#include "store/s3_text.h"

namespace imdsd::store {
namespace {

using base::Result;

struct AttributeTexts {
  explicit AttributeTexts(const s3::ObjectAttributes& attributes)
      : headers(encode_headers(attributes.headers)),
        metadata(encode_pairs(attributes.metadata)),
        tags(encode_tags(attributes.tags)) {}
  /// They must live until the statement has run.
  void bind(Statement& statement) const {
    statement.bind(1, headers).bind(2, metadata).bind(3, tags);
  }
  std::string headers, metadata, tags;
};

}  // namespace

Result<std::int64_t> insert_content(Statements& statements,
                                    const s3::ObjectAttributes& attributes) {
  IMDSD_TRY(const Query row,
            statements.get("INSERT INTO content (headers, metadata, tags) VALUES (?1, ?2, ?3)"));
  const AttributeTexts texts(attributes);
  texts.bind(*row);
  IMDSD_TRY_VOID(row->run());
  return statements.connection().last_id();
}

Result<void> update_content(Statements& statements, std::int64_t content,
                            const s3::ObjectAttributes& attributes) {
  IMDSD_TRY(const Query row,
            statements.get("UPDATE content SET headers = ?1, metadata = ?2, tags = ?3 WHERE id "
                           "= ?4"));
  const AttributeTexts texts(attributes);
  texts.bind(*row);
  return row->bind(4, content).run();
}

Result<s3::ObjectAttributes> attributes_of(const Statement& row, int first) {
  s3::ObjectAttributes attributes;
  IMDSD_TRY(attributes.headers, decode_headers(row.text(first)));
  IMDSD_TRY(attributes.metadata, decode_pairs(row.text(first + 1)));
  IMDSD_TRY(attributes.tags, decode_tags(row.text(first + 2)));
  return attributes;
}

Result<void> insert_part(Statements& statements, std::int64_t content, const s3::Part& part) {
  IMDSD_TRY(const Query row,
            statements.get("INSERT INTO part (content, number, file, size, etag, modified, "
                           "checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  const std::string checksum = encode_checksum(part.checksum);
  return row->bind(1, content)
      .bind(2, static_cast<std::int64_t>(part.number))
      .bind(3, part.file)
      .bind(4, static_cast<std::int64_t>(part.size))
      .bind(5, part.etag)
      .bind(6, encode_time(part.last_modified))
      .bind(7, checksum)
      .run();
}

Result<void> erase_part(Statements& statements, std::int64_t content, std::uint32_t number,
                        s3::Discarded& out) {
  IMDSD_TRY(const Query row, statements.get("DELETE FROM part WHERE content = ?1 AND number = ?2 "
                                            "RETURNING file"));
  row->bind(1, content).bind(2, static_cast<std::int64_t>(number));
  while (true) {
    IMDSD_TRY(const bool found, row->step());
    if (!found) return {};
    out.emplace_back(row->text(0));
  }
}

Result<s3::Part> part_of(const Statement& row, int first) {
  s3::Part part;
  part.number = static_cast<std::uint32_t>(row.number(first));
  part.file = row.text(first + 1);
  part.size = static_cast<std::uint64_t>(row.number(first + 2));
  part.etag = row.text(first + 3);
  part.last_modified = decode_time(row.number(first + 4));
  IMDSD_TRY(part.checksum, decode_checksum(row.text(first + 5)));
  return part;
}

Result<s3::PartPage> find_parts(Statements& statements, std::int64_t content, std::uint32_t after,
                                std::size_t max) {
  s3::PartPage page;
  if (max == 0) return page;
  IMDSD_TRY(const Query row,
            statements.get("SELECT number, file, size, etag, modified, checksum FROM part WHERE "
                           "content = ?1 AND number > ?2 ORDER BY number"));
  row->bind(1, content).bind(2, static_cast<std::int64_t>(after));
  while (true) {
    IMDSD_TRY(const bool found, row->step());
    if (!found) return page;
    if (page.parts.size() == max) {
      page.truncated = true;
      return page;
    }
    IMDSD_TRY(s3::Part part, part_of(*row, 0));
    page.parts.push_back(std::move(part));
  }
}

Result<void> erase_content(Statements& statements, std::int64_t content, s3::Discarded& out) {
  {
    IMDSD_TRY(const Query files,
              statements.get("SELECT file FROM part WHERE content = ?1 ORDER BY number"));
    files->bind(1, content);
    while (true) {
      IMDSD_TRY(const bool found, files->step());
      if (!found) break;
      out.emplace_back(files->text(0));
    }
  }
  IMDSD_TRY(const Query row, statements.get("DELETE FROM content WHERE id = ?1"));
  return row->bind(1, content).run();
}

Result<bool> find_file(Statements& statements, std::string_view file) {
  IMDSD_TRY(const Query row, statements.get("SELECT 1 FROM part WHERE file = ?1"));
  return row->bind(1, file).step();
}

Result<s3::Discarded> find_discarded(Statements& statements) {
  IMDSD_TRY(const Query row, statements.get("SELECT file FROM discarded"));
  s3::Discarded files;
  while (true) {
    IMDSD_TRY(const bool found, row->step());
    if (!found) return files;
    files.emplace_back(row->text(0));
  }
}

Result<void> erase_discarded(Statements& statements, const s3::Discarded& files) {
  if (files.empty()) return {};
  IMDSD_TRY(const Query row, statements.get("DELETE FROM discarded WHERE file = ?1"));
  for (const std::string& file : files) IMDSD_TRY_VOID(row->bind(1, file).run());
  return {};
}

}  // namespace imdsd::store
