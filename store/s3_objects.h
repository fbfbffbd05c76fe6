// SPDX-License-Identifier: MIT
// Rows of objects. What changes them runs within a transaction.
#pragma once

#include <cstdint>
#include <string_view>

#include "s3/index.h"
#include "store/statements.h"

namespace imdsd::store {

/// IndexErrc::no_such_key, ::no_such_bucket.
[[nodiscard]] s3::IndexResult<s3::Object> find_object(Statements& statements,
                                                      std::string_view bucket, std::string_view key,
                                                      s3::Index::Detail detail);
[[nodiscard]] s3::IndexResult<s3::ObjectPage> find_objects(Statements& statements,
                                                           std::string_view bucket,
                                                           const s3::ObjectQuery& query);
/// Sees to `condition`, and erases what has the key; its files.
[[nodiscard]] s3::IndexResult<s3::Discarded> make_way(Statements& statements, std::int64_t bucket,
                                                      std::string_view key,
                                                      const s3::WriteCondition& condition);
/// Nothing has its key. `content` is its own from now on.
[[nodiscard]] base::Result<void> insert_object(Statements& statements, std::int64_t bucket,
                                               const s3::Object& object, std::int64_t content);
[[nodiscard]] s3::IndexResult<void> update_object_tags(Statements& statements,
                                                       std::string_view bucket,
                                                       std::string_view key, const s3::Tags& tags);

}  // namespace imdsd::store
