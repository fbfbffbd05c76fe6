// SPDX-License-Identifier: MIT
#include <utility>
#include <vector>

#include "s3/answers.h"
#include "s3/conditions.h"
#include "s3/documents.h"
#include "s3/errors.h"
#include "s3/object_reading.h"
#include "s3/operations.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

/// Whoever deletes by an ETag learns what the object is, and must be allowed to read it, too; `*`
/// tells nothing of it
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html).
S3Outcome<void> authorize_comparison(Context& context, std::string_view key,
                                     const WriteCondition& condition) {
  if (!condition.if_match || *condition.if_match == "*") return {};
  const auto object = context.index.object(context.bucket_name(), key, Index::Detail::description);
  if (!object && object.error().code != IndexErrc::no_such_key) {
    return tl::unexpected(context.error_of(object.error()));
  }
  const iam::ConditionKeys keys = object ? existing_tag_keys(*object) : iam::ConditionKeys();
  return context.authorize(
      Question{.action = "s3:GetObject",
               .resource = object_arn(context.request.realm, context.bucket_name(), key),
               .bucket = &context.bucket,
               .more = &keys});
}

S3Outcome<void> delete_one(Context& context, const DeleteDocument::Object& object) {
  const bool of_version = !object.version_id.empty();
  WriteCondition condition;
  iam::ConditionKeys keys;
  if (!object.etag.empty()) {
    condition.if_match = object.etag;
    keys.set("s3:if-match", object.etag);
  }
  IMDSD_TRY_VOID(context.authorize(
      Question{.action = of_version ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
               .resource = object_arn(context.request.realm, context.bucket_name(), object.key),
               .bucket = &context.bucket,
               .more = &keys}));
  if (of_version && object.version_id != "null") {
    return tl::unexpected(
        aws::S3Error{400, "NoSuchVersion", "The specified version does not exist."});
  }
  IMDSD_TRY_VOID(authorize_comparison(context, object.key, condition));
  const auto deleted = context.store.delete_object(context.bucket_name(), object.key, condition);
  if (deleted) return {};
  if (deleted.error().code == IndexErrc::precondition_failed) {
    return tl::unexpected(precondition_failed("If-Match"));
  }
  if (deleted.error().code == IndexErrc::no_such_key) {
    return tl::unexpected(no_such_key(object.key));
  }
  return tl::unexpected(context.error_of(deleted.error()));
}

}  // namespace

Outcome delete_object(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY_VOID(check_version(context));
  IMDSD_TRY(const WriteCondition condition, parse_write_condition(context.headers()));
  IMDSD_TRY_VOID(authorize_comparison(context, context.key(), condition));
  IMDSD_S3_TRY_VOID(context,
                    context.store.delete_object(context.bucket_name(), context.key(), condition));
  return empty_answer(204);
}

/// Each key is decided by itself; what is refused is told in the answer, which is a 200.
Outcome delete_objects(Context& context) {
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const DeleteDocument document, parse_delete(text));
  std::vector<DeletedKey> results;
  results.reserve(document.objects.size());
  for (const auto& object : document.objects) {
    auto deleted = delete_one(context, object);
    results.push_back({.key = object.key});
    if (!deleted) results.back().error = std::move(deleted).error();
  }
  return xml_answer(delete_result_xml(results, document.quiet));
}

}  // namespace imdsd::s3
