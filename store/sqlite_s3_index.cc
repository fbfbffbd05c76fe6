// SPDX-License-Identifier: MIT
#include "store/sqlite_s3_index.h"

#include <filesystem>
#include <optional>
#include <system_error>

#include "store/open_database.h"
#include "store/s3_buckets.h"
#include "store/s3_contents.h"
#include "store/s3_objects.h"
#include "store/s3_schema.h"
#include "store/s3_uploads.h"

namespace imdsd::store {
namespace {

using base::Result;
using s3::Discarded;
using s3::IndexErrc;
using s3::IndexResult;

std::string object_name(std::string_view bucket, std::string_view key) {
  return std::string(bucket).append("/").append(key);
}

/// The same with the path in front of an error of the disk.
template <class T>
IndexResult<T> about_index(const std::string& path, IndexResult<T> result) {
  if (result || result.error().code != IndexErrc::failed) return result;
  return base::fail_in("`" + path + "`", std::move(result).error().error);
}
template <class T>
Result<T> about_index(const std::string& path, Result<T> result) {
  return about(path, std::move(result));
}

}  // namespace

Result<bool> SqliteS3Index::open_existing() {
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) return false;
  IMDSD_TRY_VOID(about(path_, open(State::read_only)));
  return true;
}

Result<void> SqliteS3Index::open(State wanted) {
  if (state_ >= wanted) return {};
  const std::lock_guard lock(read_mutex_);
  if (state_ >= wanted) return {};
  auto opened = open_sessions();
  if (opened) {
    state_ = State::read_write;
    return {};
  }
  if (wanted == State::read_write || opened.error().code != base::Errc::unavailable) return opened;
  auto connection = open_database_read_only(path_, s3_schema());
  if (!connection) return opened;
  reader_ = std::make_unique<Session>(*std::move(connection));
  state_ = State::read_only;
  return {};
}

Result<void> SqliteS3Index::open_sessions() {
  IMDSD_TRY(OpenedDatabase opened, open_database(path_, s3_schema()));
  IMDSD_TRY(Connection reading, Connection::open(path_, Access::read_only));
  writer_ = std::make_unique<Session>(std::move(opened.connection));
  reader_ = std::make_unique<Session>(std::move(reading));
  for (Session* session : {writer_.get(), reader_.get()}) {
    // In KiB; by itself it would take two megabytes each.
    IMDSD_TRY_VOID(session->connection.execute("PRAGMA cache_size = -512"));
  }
  return {};
}

template <class Call>
auto SqliteS3Index::read(Call call) -> decltype(call(std::declval<Statements&>())) {
  IMDSD_TRY_VOID(about(path_, open(State::read_only)));
  const std::lock_guard lock(read_mutex_);
  return about_index(path_, call(reader_->statements));
}

template <class Call>
auto SqliteS3Index::write(Call call) -> decltype(call(std::declval<Statements&>())) {
  IMDSD_TRY_VOID(about(path_, open(State::read_write)));
  std::optional<decltype(call(std::declval<Statements&>()))> result;
  const Discarded forgotten = take_forgotten();
  const auto change = [&](Statements& statements) {
    result.emplace(call(statements));
    if (!*result) return false;
    if (auto erased = erase_discarded(statements, forgotten); !erased) {
      result.emplace(tl::unexpected<s3::IndexError>(std::move(erased).error()));
    }
    return result->has_value();
  };
  auto committed = writer_->group_commit.run(change);
  if (!committed || !*result) forget(forgotten);
  IMDSD_TRY_VOID(about(path_, std::move(committed)));
  return about_index(path_, *std::move(result));
}

template <class Call>
auto SqliteS3Index::write_object(std::string_view bucket, std::string_view key, Call call)
    -> decltype(call(std::declval<Statements&>())) {
  auto result = write(call);
  objects_.changed(object_name(bucket, key));
  return result;
}

Discarded SqliteS3Index::take_forgotten() {
  const std::lock_guard lock(forgotten_mutex_);
  return std::exchange(forgotten_, {});
}

// Buckets

IndexResult<void> SqliteS3Index::create_bucket(const s3::Bucket& bucket) {
  return write([&](Statements& s) { return insert_bucket(s, bucket); });
}

IndexResult<std::shared_ptr<const s3::Bucket>> SqliteS3Index::bucket(std::string_view name) {
  const std::string wanted(name);
  if (auto known = buckets_.find(wanted)) return known;
  const auto changes = buckets_.changes();
  IMDSD_TRY(s3::Bucket found, read([&](Statements& s) { return find_bucket(s, name); }));
  return buckets_.keep(wanted, std::make_shared<const s3::Bucket>(std::move(found)), changes);
}

IndexResult<s3::BucketPage> SqliteS3Index::list_buckets(const s3::BucketQuery& query) {
  return read([&](Statements& s) { return find_buckets(s, query); });
}

template <class Change>
IndexResult<void> SqliteS3Index::change_bucket(std::string_view name, Change change) {
  IMDSD_TRY_VOID(write([&](Statements& s) -> IndexResult<void> {
    IMDSD_TRY(s3::Bucket bucket, find_bucket(s, name));
    change(bucket);
    return update_bucket(s, bucket);
  }));
  buckets_.changed(std::string(name));
  return {};
}

IndexResult<void> SqliteS3Index::set_policy(std::string_view bucket, std::string_view policy) {
  return change_bucket(bucket, [&](s3::Bucket& changed) { changed.policy = policy; });
}

IndexResult<void> SqliteS3Index::set_bucket_tags(std::string_view bucket, const s3::Tags& tags) {
  return change_bucket(bucket, [&](s3::Bucket& changed) { changed.tags = tags; });
}

IndexResult<void> SqliteS3Index::set_public_access_block(
    std::string_view bucket, const std::optional<s3::PublicAccessBlock>& block) {
  return change_bucket(bucket, [&](s3::Bucket& changed) { changed.public_access_block = block; });
}

IndexResult<void> SqliteS3Index::set_ownership(
    std::string_view bucket, const std::optional<s3::ObjectOwnership>& ownership) {
  return change_bucket(bucket, [&](s3::Bucket& changed) { changed.ownership = ownership; });
}

IndexResult<Discarded> SqliteS3Index::delete_bucket(std::string_view bucket) {
  auto deleted = write([&](Statements& s) -> IndexResult<Discarded> {
    IMDSD_TRY(const std::int64_t id, bucket_id(s, bucket));
    IMDSD_TRY(Discarded files, erase_uploads(s, id));
    IMDSD_TRY_VOID(erase_bucket(s, id));
    return files;
  });
  if (deleted) buckets_.changed(std::string(bucket));
  return deleted;
}

// Objects

IndexResult<s3::Object> SqliteS3Index::object(std::string_view bucket, std::string_view key,
                                              Detail detail) {
  const std::string name = object_name(bucket, key);
  if (const auto known = objects_.find(name)) return *known;
  const auto changes = objects_.changes();
  IMDSD_TRY(s3::Object found,
            read([&](Statements& s) { return find_object(s, bucket, key, detail); }));
  if (found.parts.size() == 1) {
    objects_.keep(name, std::make_shared<const s3::Object>(found), changes);
  }
  return found;
}

std::shared_ptr<const s3::Object> SqliteS3Index::remembered(std::string_view bucket,
                                                            std::string_view key) const {
  if (!buckets_.find(std::string(bucket))) return nullptr;
  return objects_.find(object_name(bucket, key));
}

IndexResult<s3::ObjectPage> SqliteS3Index::list_objects(std::string_view bucket,
                                                        const s3::ObjectQuery& query) {
  return read([&](Statements& s) { return find_objects(s, bucket, query); });
}

IndexResult<Discarded> SqliteS3Index::put_object(std::string_view bucket, const s3::Object& object,
                                                 const s3::WriteCondition& condition) {
  return write_object(bucket, object.key, [&](Statements& s) -> IndexResult<Discarded> {
    IMDSD_TRY(const std::int64_t id, bucket_id(s, bucket));
    // While the data came, the bucket may have become another account's, which nobody has asked.
    IMDSD_TRY(const auto now, find_bucket(s, bucket));
    if (now.owner != object.owner) return s3::refuse(IndexErrc::no_such_bucket);
    IMDSD_TRY(Discarded files, make_way(s, id, object.key, condition));
    IMDSD_TRY(const std::int64_t content, insert_content(s, object.attributes));
    for (const s3::Part& part : object.parts) IMDSD_TRY_VOID(insert_part(s, content, part));
    IMDSD_TRY_VOID(insert_object(s, id, object, content));
    return files;
  });
}

IndexResult<Discarded> SqliteS3Index::delete_object(std::string_view bucket, std::string_view key,
                                                    const s3::WriteCondition& condition) {
  return write_object(bucket, key, [&](Statements& s) -> IndexResult<Discarded> {
    IMDSD_TRY(const std::int64_t id, bucket_id(s, bucket));
    return make_way(s, id, key, condition);
  });
}

IndexResult<void> SqliteS3Index::set_object_tags(std::string_view bucket, std::string_view key,
                                                 const s3::Tags& tags) {
  return write_object(bucket, key,
                      [&](Statements& s) { return update_object_tags(s, bucket, key, tags); });
}

// Uploads in parts

IndexResult<void> SqliteS3Index::create_upload(std::string_view bucket, const s3::Upload& upload) {
  return write([&](Statements& s) { return insert_upload(s, bucket, upload); });
}

IndexResult<s3::Upload> SqliteS3Index::upload(std::string_view bucket, std::string_view key,
                                              std::string_view upload_id) {
  return read([&](Statements& s) { return find_upload(s, bucket, key, upload_id); });
}

IndexResult<s3::UploadPage> SqliteS3Index::list_uploads(std::string_view bucket,
                                                        const s3::UploadQuery& query) {
  return read([&](Statements& s) { return find_uploads(s, bucket, query); });
}

IndexResult<Discarded> SqliteS3Index::put_part(std::string_view bucket, std::string_view key,
                                               std::string_view upload_id, const s3::Part& part) {
  return write([&](Statements& s) -> IndexResult<Discarded> {
    IMDSD_TRY(const FoundUpload upload, find_upload_id(s, bucket, key, upload_id));
    Discarded files;
    IMDSD_TRY_VOID(erase_part(s, upload.content, part.number, files));
    IMDSD_TRY_VOID(insert_part(s, upload.content, part));
    return files;
  });
}

IndexResult<s3::PartPage> SqliteS3Index::list_parts(std::string_view bucket, std::string_view key,
                                                    std::string_view upload_id, std::uint32_t after,
                                                    std::size_t max) {
  return read([&](Statements& s) -> IndexResult<s3::PartPage> {
    IMDSD_TRY(const FoundUpload upload, find_upload_id(s, bucket, key, upload_id));
    IMDSD_TRY(s3::PartPage page, find_parts(s, upload.content, after, max));
    return page;
  });
}

IndexResult<Discarded> SqliteS3Index::complete_upload(std::string_view bucket,
                                                      std::string_view upload_id,
                                                      const s3::Object& object,
                                                      const s3::WriteCondition& condition) {
  return write_object(bucket, object.key, [&](Statements& s) -> IndexResult<Discarded> {
    IMDSD_TRY(const FoundUpload upload, find_upload_id(s, bucket, object.key, upload_id));
    Discarded unused;
    IMDSD_TRY_VOID(choose_parts(s, upload.content, object.parts, unused));
    IMDSD_TRY(Discarded files, make_way(s, upload.bucket, object.key, condition));
    IMDSD_TRY_VOID(update_content(s, upload.content, object.attributes));
    IMDSD_TRY_VOID(insert_object(s, upload.bucket, object, upload.content));
    IMDSD_TRY_VOID(erase_upload(s, upload.bucket, object.key, upload_id));
    files.insert(files.end(), unused.begin(), unused.end());
    return files;
  });
}

IndexResult<Discarded> SqliteS3Index::abort_upload(std::string_view bucket, std::string_view key,
                                                   std::string_view upload_id) {
  return write([&](Statements& s) -> IndexResult<Discarded> {
    IMDSD_TRY(const FoundUpload upload, find_upload_id(s, bucket, key, upload_id));
    Discarded files;
    IMDSD_TRY_VOID(erase_content(s, upload.content, files));
    IMDSD_TRY_VOID(erase_upload(s, upload.bucket, key, upload_id));
    return files;
  });
}

// Files

Result<bool> SqliteS3Index::names_file(std::string_view file) {
  IMDSD_TRY(const bool exists, open_existing());
  if (!exists) return false;
  return read([&](Statements& s) { return find_file(s, file); });
}

Result<Discarded> SqliteS3Index::discarded() {
  IMDSD_TRY(const bool exists, open_existing());
  if (!exists) return Discarded();
  return read([&](Statements& s) { return find_discarded(s); });
}

void SqliteS3Index::forget(const Discarded& files) {
  const std::lock_guard lock(forgotten_mutex_);
  forgotten_.insert(forgotten_.end(), files.begin(), files.end());
}

}  // namespace imdsd::store
