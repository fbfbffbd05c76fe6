// SPDX-License-Identifier: MIT
// Rows of what objects and uploads consist of, and of files that no row names. What changes them
// runs within a transaction.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "s3/index.h"
#include "store/statements.h"

namespace imdsd::store {

/// The id of the new row.
[[nodiscard]] base::Result<std::int64_t> insert_content(Statements& statements,
                                                        const s3::ObjectAttributes& attributes);
[[nodiscard]] base::Result<void> update_content(Statements& statements, std::int64_t content,
                                                const s3::ObjectAttributes& attributes);
/// From columns `first` on: headers, metadata, tags.
[[nodiscard]] base::Result<s3::ObjectAttributes> attributes_of(const Statement& row, int first);

[[nodiscard]] base::Result<void> insert_part(Statements& statements, std::int64_t content,
                                             const s3::Part& part);
/// Adds its file to `out`. No error when there is none.
[[nodiscard]] base::Result<void> erase_part(Statements& statements, std::int64_t content,
                                            std::uint32_t number, s3::Discarded& out);
/// From columns `first` on: number, file, size, etag, modified, checksum.
[[nodiscard]] base::Result<s3::Part> part_of(const Statement& row, int first);
[[nodiscard]] base::Result<s3::PartPage> find_parts(Statements& statements, std::int64_t content,
                                                    std::uint32_t after, std::size_t max);

/// With all its parts, whose files are added to `out` in order.
[[nodiscard]] base::Result<void> erase_content(Statements& statements, std::int64_t content,
                                               s3::Discarded& out);

[[nodiscard]] base::Result<bool> find_file(Statements& statements, std::string_view file);
[[nodiscard]] base::Result<s3::Discarded> find_discarded(Statements& statements);
[[nodiscard]] base::Result<void> erase_discarded(Statements& statements,
                                                 const s3::Discarded& files);

}  // namespace imdsd::store
