// SPDX-License-Identifier: MIT
// The index of buckets, objects and uploads. What it decides (is the bucket there, is it empty,
// does the condition hold) it decides in the transaction that makes the change: of two writers who
// both want a key only once, one gets it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/result.h"
#include "s3/listing.h"
#include "s3/object.h"

namespace imdsd::s3 {

enum class IndexErrc {
  no_such_bucket,
  bucket_already_owned_by_you,
  bucket_already_exists,  // another account's
  bucket_not_empty,
  no_such_key,
  no_such_upload,
  invalid_part,         // a part to be completed is not there, or is another by now
  precondition_failed,  // If-Match, If-None-Match
  failed,               // the disk, or our own bug; `error` tells
};

struct IndexError {
  IndexErrc code = IndexErrc::failed;
  base::Error error = {};  // of IndexErrc::failed
  // NOLINTNEXTLINE(google-explicit-constructor): an error of the disk is an error of the index
  IndexError(IndexErrc c) : code(c) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  IndexError(base::Error e) : error(std::move(e)) {}
};

/// IMDSD_TRY takes it, and takes a base::Result in a function that returns one.
template <class T>
class [[nodiscard]] IndexResult : public tl::expected<T, IndexError> {
  using Base = tl::expected<T, IndexError>;

 public:
  using Base::Base;
  // NOLINTNEXTLINE(google-explicit-constructor): wraps its base
  IndexResult(Base&& b) : Base(std::move(b)) {}
};

[[nodiscard]] inline tl::unexpected<IndexError> refuse(IndexErrc code) {
  return tl::unexpected<IndexError>(code);
}

/// What must be so of the object that has the key now
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
struct WriteCondition {
  /// If-Match: its ETag without quotes, or `*`. IndexErrc::no_such_key when there is none.
  std::optional<std::string> if_match;
  bool if_none_match = false;  // If-None-Match: *
};

/// `etag`: of that object; nothing when there is none.
[[nodiscard]] IndexResult<void> check_condition(const WriteCondition& condition,
                                                std::optional<std::string_view> etag);

/// Files that no row names any more; those of an object come first, in the order of its parts. They
/// are on the list of discarded files still: once they are gone, forget() takes them off it.
using Discarded = std::vector<std::string>;

/// Implemented by store/. Thread-safe; what it changed is durable when it returns, and a change
/// that fails has changed nothing. IndexErrc::failed with Errc::unavailable: a full disk, or one
/// that is read-only; the same call works once that is mended.
class Index {
 public:
  virtual ~Index() = default;

  // Buckets. Each call that names one gives IndexErrc::no_such_bucket when there is none.
  [[nodiscard]] virtual IndexResult<void> create_bucket(const Bucket& bucket) = 0;
  /// The same pointer until it changes.
  [[nodiscard]] virtual IndexResult<std::shared_ptr<const Bucket>> bucket(
      std::string_view name) = 0;
  [[nodiscard]] virtual IndexResult<BucketPage> list_buckets(const BucketQuery& query) = 0;
  /// Each replaces what is set on the bucket; an empty policy, no tags or nothing removes it.
  [[nodiscard]] virtual IndexResult<void> set_policy(std::string_view bucket,
                                                     std::string_view policy) = 0;
  [[nodiscard]] virtual IndexResult<void> set_bucket_tags(std::string_view bucket,
                                                          const Tags& tags) = 0;
  [[nodiscard]] virtual IndexResult<void> set_public_access_block(
      std::string_view bucket, const std::optional<PublicAccessBlock>& block) = 0;
  [[nodiscard]] virtual IndexResult<void> set_ownership(
      std::string_view bucket, const std::optional<ObjectOwnership>& ownership) = 0;
  /// Only one without objects; its uploads end with it.
  [[nodiscard]] virtual IndexResult<Discarded> delete_bucket(std::string_view bucket) = 0;

  // Objects
  enum class Detail { description, with_parts };
  [[nodiscard]] virtual IndexResult<Object> object(std::string_view bucket, std::string_view key,
                                                   Detail detail) = 0;
  /// The same with its parts, when that can be told without waiting for the disk, and its bucket,
  /// too; null: ask.
  [[nodiscard]] virtual std::shared_ptr<const Object> remembered(std::string_view bucket,
                                                                 std::string_view key) const = 0;
  [[nodiscard]] virtual IndexResult<ObjectPage> list_objects(std::string_view bucket,
                                                             const ObjectQuery& query) = 0;
  /// Inserts or replaces. IndexErrc::no_such_bucket also when the bucket is by now of another
  /// account than `object.owner`, for whose bucket the request was decided.
  [[nodiscard]] virtual IndexResult<Discarded> put_object(std::string_view bucket,
                                                          const Object& object,
                                                          const WriteCondition& condition) = 0;
  /// No error when there is none, unless `condition` wants one.
  [[nodiscard]] virtual IndexResult<Discarded> delete_object(std::string_view bucket,
                                                             std::string_view key,
                                                             const WriteCondition& condition) = 0;
  [[nodiscard]] virtual IndexResult<void> set_object_tags(std::string_view bucket,
                                                          std::string_view key,
                                                          const Tags& tags) = 0;

  // Uploads in parts. An upload is found by bucket, key and id together.
  [[nodiscard]] virtual IndexResult<void> create_upload(std::string_view bucket,
                                                        const Upload& upload) = 0;
  [[nodiscard]] virtual IndexResult<Upload> upload(std::string_view bucket, std::string_view key,
                                                   std::string_view upload_id) = 0;
  [[nodiscard]] virtual IndexResult<UploadPage> list_uploads(std::string_view bucket,
                                                             const UploadQuery& query) = 0;
  /// Inserts it, or replaces the part of this number.
  [[nodiscard]] virtual IndexResult<Discarded> put_part(std::string_view bucket,
                                                        std::string_view key,
                                                        std::string_view upload_id,
                                                        const Part& part) = 0;
  /// Those with a number above `after`, in order.
  [[nodiscard]] virtual IndexResult<PartPage> list_parts(std::string_view bucket,
                                                         std::string_view key,
                                                         std::string_view upload_id,
                                                         std::uint32_t after, std::size_t max) = 0;
  /// Ends the upload `upload_id` of object.key and makes an object of those parts of it that are in
  /// object.parts, as list_parts() gave them; the others are discarded.
  [[nodiscard]] virtual IndexResult<Discarded> complete_upload(std::string_view bucket,
                                                               std::string_view upload_id,
                                                               const Object& object,
                                                               const WriteCondition& condition) = 0;
  [[nodiscard]] virtual IndexResult<Discarded> abort_upload(std::string_view bucket,
                                                            std::string_view key,
                                                            std::string_view upload_id) = 0;

  // Files
  /// Whether a row names it.
  [[nodiscard]] virtual base::Result<bool> names_file(std::string_view file) = 0;
  /// Files that were discarded and not forgotten, in this life of the process or an earlier one.
  [[nodiscard]] virtual base::Result<Discarded> discarded() = 0;
  /// Takes files that are gone off that list. Durable with the next change.
  virtual void forget(const Discarded& files) = 0;
};

}  // namespace imdsd::s3
