// SPDX-License-Identifier: MIT
// Rows of buckets. What changes them runs within a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "s3/index.h"
#include "store/statements.h"

namespace imdsd::store {

/// IndexErrc::no_such_bucket.
[[nodiscard]] s3::IndexResult<std::int64_t> bucket_id(Statements& statements,
                                                      std::string_view name);
[[nodiscard]] s3::IndexResult<s3::Bucket> find_bucket(Statements& statements,
                                                      std::string_view name);
[[nodiscard]] s3::IndexResult<s3::BucketPage> find_buckets(Statements& statements,
                                                           const s3::BucketQuery& query);
[[nodiscard]] s3::IndexResult<void> insert_bucket(Statements& statements, const s3::Bucket& bucket);
/// Policy, tags, public access block and ownership.
[[nodiscard]] s3::IndexResult<void> update_bucket(Statements& statements, const s3::Bucket& bucket);
/// IndexErrc::bucket_not_empty. Its uploads are gone already.
[[nodiscard]] s3::IndexResult<void> erase_bucket(Statements& statements, std::int64_t id);

}  // namespace imdsd::store
