// SPDX-License-Identifier: MIT
#include "store/s3_buckets.h"

#include <string>
#include <utility>

#include "s3/documents.h"
#include "s3/roll_keys.h"
#include "store/s3_text.h"

namespace imdsd::store {
namespace {

using s3::IndexErrc;
using s3::IndexResult;

std::int64_t bits_of(const s3::PublicAccessBlock& block) {
  return (block.block_public_acls ? 1 : 0) | (block.ignore_public_acls ? 2 : 0) |
         (block.block_public_policy ? 4 : 0) | (block.restrict_public_buckets ? 8 : 0);
}

s3::PublicAccessBlock block_of(std::int64_t bits) {
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
}

base::Result<std::optional<s3::ObjectOwnership>> ownership_of(const Statement& row, int column) {
  if (row.is_null(column)) return std::optional<s3::ObjectOwnership>();
  const auto ownership = s3::object_ownership(row.text(column));
  if (!ownership) return damaged("ownership");
  return ownership;
}

/// name, region, owner, created, policy, tags, public_access_block, ownership
base::Result<s3::Bucket> bucket_of(const Statement& row) {
  s3::Bucket bucket;
  bucket.name = row.text(0);
  bucket.region = row.text(1);
  bucket.owner = row.text(2);
  bucket.created = decode_time(row.number(3));
  bucket.policy = row.text(4);
  IMDSD_TRY(bucket.tags, decode_tags(row.text(5)));
  if (!row.is_null(6)) bucket.public_access_block = block_of(row.number(6));
  IMDSD_TRY(bucket.ownership, ownership_of(row, 7));
  return bucket;
}

/// Binds from `first` on: policy, tags, public_access_block, ownership.
void bind_settings(Statement& statement, int first, const s3::Bucket& bucket,
                   const std::string& tags) {
  statement.bind(first, bucket.policy).bind(first + 1, tags);
  if (bucket.public_access_block) statement.bind(first + 2, bits_of(*bucket.public_access_block));
  if (bucket.ownership) statement.bind(first + 3, s3::name_of(*bucket.ownership));
}

}  // namespace

IndexResult<std::int64_t> bucket_id(Statements& statements, std::string_view name) {
  IMDSD_TRY(const Query row, statements.get("SELECT id FROM bucket WHERE name = ?1"));
  IMDSD_TRY(const bool found, row->bind(1, name).step());
  if (!found) return s3::refuse(IndexErrc::no_such_bucket);
  return row->number(0);
}

IndexResult<s3::Bucket> find_bucket(Statements& statements, std::string_view name) {
  IMDSD_TRY(const Query row,
            statements.get("SELECT name, region, owner, created, policy, tags, "
                           "public_access_block, ownership FROM bucket WHERE name = ?1"));
  IMDSD_TRY(const bool found, row->bind(1, name).step());
  if (!found) return s3::refuse(IndexErrc::no_such_bucket);
  IMDSD_TRY(s3::Bucket bucket, bucket_of(*row));
  return bucket;
}

IndexResult<s3::BucketPage> find_buckets(Statements& statements, const s3::BucketQuery& query) {
  IMDSD_TRY(const Query row,
            statements.get("SELECT name, region, owner, created, policy, tags, "
                           "public_access_block, ownership FROM bucket WHERE name >= ?1 AND owner "
                           "= ?2 AND ?3 IN ('', region) ORDER BY name"));
  const std::string first = s3::first_key(query.prefix, query.after, {});
  row->bind(1, first).bind(2, query.owner).bind(3, query.region);
  s3::BucketPage page;
  while (true) {
    IMDSD_TRY(const bool found, row->step());
    if (!found || !row->text(0).starts_with(query.prefix)) return page;
    if (page.buckets.size() == query.max) {
      page.truncated = true;
      return page;
    }
    IMDSD_TRY(s3::Bucket bucket, bucket_of(*row));
    page.buckets.push_back(std::move(bucket));
  }
}

IndexResult<void> insert_bucket(Statements& statements, const s3::Bucket& bucket) {
  {
    IMDSD_TRY(const Query row, statements.get("SELECT owner FROM bucket WHERE name = ?1"));
    IMDSD_TRY(const bool found, row->bind(1, bucket.name).step());
    if (found) {
      return s3::refuse(row->text(0) == bucket.owner ? IndexErrc::bucket_already_owned_by_you
                                                     : IndexErrc::bucket_already_exists);
    }
  }
  IMDSD_TRY(const Query row,
            statements.get("INSERT INTO bucket (name, region, owner, created, policy, tags, "
                           "public_access_block, ownership) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                           "?8)"));
  const std::string tags = encode_tags(bucket.tags);
  row->bind(1, bucket.name)
      .bind(2, bucket.region)
      .bind(3, bucket.owner)
      .bind(4, encode_time(bucket.created));
  bind_settings(*row, 5, bucket, tags);
  IMDSD_TRY_VOID(row->run());
  return {};
}

IndexResult<void> update_bucket(Statements& statements, const s3::Bucket& bucket) {
  IMDSD_TRY(const Query row,
            statements.get("UPDATE bucket SET policy = ?2, tags = ?3, public_access_block = ?4, "
                           "ownership = ?5 WHERE name = ?1"));
  const std::string tags = encode_tags(bucket.tags);
  row->bind(1, bucket.name);
  bind_settings(*row, 2, bucket, tags);
  IMDSD_TRY_VOID(row->run());
  return {};
}

IndexResult<void> erase_bucket(Statements& statements, std::int64_t id) {
  {
    IMDSD_TRY(const Query row, statements.get("SELECT 1 FROM object WHERE bucket = ?1 LIMIT 1"));
    IMDSD_TRY(const bool found, row->bind(1, id).step());
    if (found) return s3::refuse(IndexErrc::bucket_not_empty);
  }
  IMDSD_TRY(const Query row, statements.get("DELETE FROM bucket WHERE id = ?1"));
  IMDSD_TRY_VOID(row->bind(1, id).run());
  return {};
}

}  // namespace imdsd::store
