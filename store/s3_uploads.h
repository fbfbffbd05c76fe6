// SPDX-License-Identifier: MIT
// Rows of uploads in parts. What changes them runs within a transaction.
#pragma once

#include <cstdint>
#include <string_view>

#include "s3/index.h"
#include "store/statements.h"

namespace imdsd::store {

[[nodiscard]] s3::IndexResult<void> insert_upload(Statements& statements, std::string_view bucket,
                                                  const s3::Upload& upload);
struct FoundUpload {
  std::int64_t bucket = 0, content = 0;
};
/// IndexErrc::no_such_upload, ::no_such_bucket.
[[nodiscard]] s3::IndexResult<FoundUpload> find_upload_id(Statements& statements,
                                                          std::string_view bucket,
                                                          std::string_view key,
                                                          std::string_view id);
[[nodiscard]] s3::IndexResult<s3::Upload> find_upload(Statements& statements,
                                                      std::string_view bucket, std::string_view key,
                                                      std::string_view id);
[[nodiscard]] s3::IndexResult<s3::UploadPage> find_uploads(Statements& statements,
                                                           std::string_view bucket,
                                                           const s3::UploadQuery& query);
/// Its content stays.
[[nodiscard]] base::Result<void> erase_upload(Statements& statements, std::int64_t bucket,
                                              std::string_view key, std::string_view id);
/// All of the bucket, with their contents; the files.
[[nodiscard]] base::Result<s3::Discarded> erase_uploads(Statements& statements,
                                                        std::int64_t bucket);
/// Leaves those parts of `content` that are in `chosen`, and adds the files of the others to `out`.
/// IndexErrc::invalid_part.
[[nodiscard]] s3::IndexResult<void> choose_parts(Statements& statements, std::int64_t content,
                                                 const std::vector<s3::Part>& chosen,
                                                 s3::Discarded& out);

}  // namespace imdsd::store
