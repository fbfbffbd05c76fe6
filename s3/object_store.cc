// SPDX-License-Identifier: MIT
#include "s3/object_store.h"

#include <utility>

namespace imdsd::s3 {
namespace {

/// The index is asked again this often when an object goes between its answer and its file.
constexpr int kMostAttempts = 16;

}  // namespace

void ObjectStore::remove(const Discarded& discarded) {
  if (files_.remove(discarded)) index_.forget(discarded);
}

IndexResult<void> ObjectStore::put_object(std::string_view bucket, Object object, FileWriter file,
                                          const WriteCondition& condition) {
  IMDSD_TRY_VOID(file.sync());
  object.size = file.size();
  Part part;
  part.size = file.size();
  part.etag = object.etag;
  part.last_modified = object.last_modified;
  part.file = file.file();
  object.parts = {std::move(part)};
  IMDSD_TRY(const Discarded discarded, index_.put_object(bucket, object, condition));
  files_.keep(std::move(file));
  remove(discarded);
  return {};
}

IndexResult<ObjectStore::Opened> ObjectStore::open_object(std::string_view bucket,
                                                          std::string_view key) {
  for (int attempt = 1;; ++attempt) {
    IMDSD_TRY(Object object, index_.object(bucket, key, Index::Detail::with_parts));
    auto reader = files_.reader(object.parts);
    if (reader) return Opened{std::move(object), *std::move(reader)};
    if (reader.error().code != base::Errc::not_found) {
      return tl::unexpected(std::move(reader).error());
    }
    if (attempt == kMostAttempts) {
      return base::fail(base::Errc::corrupt, reader.error().message +
                                                 "; put a backup in its place, or delete the "
                                                 "object");
    }
  }
}

bool ObjectStore::remembers(std::string_view bucket, std::string_view key) const {
  const auto object = index_.remembered(bucket, key);
  return object != nullptr && files_.remembers(object->parts);
}

IndexResult<void> ObjectStore::delete_object(std::string_view bucket, std::string_view key,
                                             const WriteCondition& condition) {
  IMDSD_TRY(const Discarded discarded, index_.delete_object(bucket, key, condition));
  remove(discarded);
  return {};
}

IndexResult<void> ObjectStore::put_part(std::string_view bucket, std::string_view key,
                                        std::string_view upload_id, Part part, FileWriter file) {
  IMDSD_TRY_VOID(file.sync());
  part.size = file.size();
  part.file = file.file();
  IMDSD_TRY(const Discarded discarded, index_.put_part(bucket, key, upload_id, part));
  files_.keep(std::move(file));
  remove(discarded);
  return {};
}

IndexResult<void> ObjectStore::complete_upload(std::string_view bucket, std::string_view upload_id,
                                               const Object& object,
                                               const WriteCondition& condition) {
  IMDSD_TRY(const Discarded discarded,
            index_.complete_upload(bucket, upload_id, object, condition));
  remove(discarded);
  return {};
}

IndexResult<void> ObjectStore::abort_upload(std::string_view bucket, std::string_view key,
                                            std::string_view upload_id) {
  IMDSD_TRY(const Discarded discarded, index_.abort_upload(bucket, key, upload_id));
  remove(discarded);
  return {};
}

IndexResult<void> ObjectStore::delete_bucket(std::string_view bucket) {
  IMDSD_TRY(const Discarded discarded, index_.delete_bucket(bucket));
  remove(discarded);
  return {};
}

base::Result<void> ObjectStore::recover() {
  IMDSD_TRY(const Discarded discarded, index_.discarded());
  for (const std::string& file : discarded) remove({file});
  IMDSD_TRY(const auto left, files_.left());
  for (const std::string& file : left) {
    IMDSD_TRY(const bool named, index_.names_file(file));
    if (named) {
      files_.keep_left(file);
    } else {
      (void)files_.remove({file});
    }
  }
  return {};
}

}  // namespace imdsd::s3
