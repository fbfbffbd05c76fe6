// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/remembered.h"
#include "base/result.h"
#include "s3/index.h"
#include "store/group_commit.h"
#include "store/sqlite.h"
#include "store/statements.h"

namespace imdsd::store {

/// The index of S3 in one SQLite file, with a connection to write and one to read: readers do not
/// wait for the disk that a writer waits for. Thread-safe. The file is opened, or made, by the
/// first call that needs it: who does not use S3 pays nothing for it.
///
/// Errors begin with the path; their codes are those of SqliteStore. Where the file cannot be
/// written what there is can be read, and a change tries again.
class SqliteS3Index final : public s3::Index {
 public:
  explicit SqliteS3Index(std::string path) : path_(std::move(path)) {}

  /// Opens the file if there is one, so that one that does not read is told at the start. True:
  /// there is one.
  [[nodiscard]] base::Result<bool> open_existing();

  [[nodiscard]] s3::IndexResult<void> create_bucket(const s3::Bucket& bucket) override;
  [[nodiscard]] s3::IndexResult<std::shared_ptr<const s3::Bucket>> bucket(
      std::string_view name) override;
  [[nodiscard]] s3::IndexResult<s3::BucketPage> list_buckets(const s3::BucketQuery& query) override;
  [[nodiscard]] s3::IndexResult<void> set_policy(std::string_view bucket,
                                                 std::string_view policy) override;
  [[nodiscard]] s3::IndexResult<void> set_bucket_tags(std::string_view bucket,
                                                      const s3::Tags& tags) override;
  [[nodiscard]] s3::IndexResult<void> set_public_access_block(
      std::string_view bucket, const std::optional<s3::PublicAccessBlock>& block) override;
  [[nodiscard]] s3::IndexResult<void> set_ownership(
      std::string_view bucket, const std::optional<s3::ObjectOwnership>& ownership) override;
  [[nodiscard]] s3::IndexResult<s3::Discarded> delete_bucket(std::string_view bucket) override;

  [[nodiscard]] s3::IndexResult<s3::Object> object(std::string_view bucket, std::string_view key,
                                                   Detail detail) override;
  [[nodiscard]] std::shared_ptr<const s3::Object> remembered(std::string_view bucket,
                                                             std::string_view key) const override;
  [[nodiscard]] s3::IndexResult<s3::ObjectPage> list_objects(std::string_view bucket,
                                                             const s3::ObjectQuery& query) override;
  [[nodiscard]] s3::IndexResult<s3::Discarded> put_object(
      std::string_view bucket, const s3::Object& object,
      const s3::WriteCondition& condition) override;
  [[nodiscard]] s3::IndexResult<s3::Discarded> delete_object(
      std::string_view bucket, std::string_view key, const s3::WriteCondition& condition) override;
  [[nodiscard]] s3::IndexResult<void> set_object_tags(std::string_view bucket, std::string_view key,
                                                      const s3::Tags& tags) override;

  [[nodiscard]] s3::IndexResult<void> create_upload(std::string_view bucket,
                                                    const s3::Upload& upload) override;
  [[nodiscard]] s3::IndexResult<s3::Upload> upload(std::string_view bucket, std::string_view key,
                                                   std::string_view upload_id) override;
  [[nodiscard]] s3::IndexResult<s3::UploadPage> list_uploads(std::string_view bucket,
                                                             const s3::UploadQuery& query) override;
  [[nodiscard]] s3::IndexResult<s3::Discarded> put_part(std::string_view bucket,
                                                        std::string_view key,
                                                        std::string_view upload_id,
                                                        const s3::Part& part) override;
  [[nodiscard]] s3::IndexResult<s3::PartPage> list_parts(std::string_view bucket,
                                                         std::string_view key,
                                                         std::string_view upload_id,
                                                         std::uint32_t after,
                                                         std::size_t max) override;
  [[nodiscard]] s3::IndexResult<s3::Discarded> complete_upload(
      std::string_view bucket, std::string_view upload_id, const s3::Object& object,
      const s3::WriteCondition& condition) override;
  [[nodiscard]] s3::IndexResult<s3::Discarded> abort_upload(std::string_view bucket,
                                                            std::string_view key,
                                                            std::string_view upload_id) override;

  [[nodiscard]] base::Result<bool> names_file(std::string_view file) override;
  [[nodiscard]] base::Result<s3::Discarded> discarded() override;
  void forget(const s3::Discarded& files) override;

 private:
  struct Session {
    explicit Session(Connection opened) : connection(std::move(opened)), statements(connection) {}
    Connection connection;
    Statements statements;
    GroupCommit group_commit{statements};  // the writer's
  };
  enum class State { closed, read_only, read_write };

  [[nodiscard]] base::Result<void> open(State wanted);
  [[nodiscard]] base::Result<void> open_sessions();
  /// Runs `call` with the statements of the reader, or in a transaction of the writer.
  template <class Call>
  auto read(Call call) -> decltype(call(std::declval<Statements&>()));
  template <class Call>
  auto write(Call call) -> decltype(call(std::declval<Statements&>()));
  [[nodiscard]] s3::Discarded take_forgotten();
  template <class Change>
  s3::IndexResult<void> change_bucket(std::string_view name, Change change);
  template <class Call>
  auto write_object(std::string_view bucket, std::string_view key, Call call)
      -> decltype(call(std::declval<Statements&>()));

  const std::string path_;
  std::atomic<State> state_ = State::closed;
  std::unique_ptr<Session> writer_;  // from State::read_write on
  std::mutex read_mutex_;            // guards reader_, and the opening of both
  std::unique_ptr<Session> reader_;

  std::mutex forgotten_mutex_;
  s3::Discarded forgotten_;  // goes with the next change

  /// Every request reads its bucket, and many read the same few objects.
  static constexpr std::size_t kMostBuckets = 1000, kMostObjects = 2000;
  base::Remembered<s3::Bucket> buckets_{kMostBuckets};
  base::Remembered<s3::Object> objects_{kMostObjects};  // with their one part, by BUCKET/KEY
};

}  // namespace imdsd::store
