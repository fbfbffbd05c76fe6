// SPDX-License-Identifier: MIT
#include "s3/object_reading.h"

#include <utility>

#include "aws/query_string.h"
#include "s3/condition_keys.h"
#include "s3/errors.h"

namespace imdsd::s3 {

aws::S3Outcome<void> check_version(const Context& context) {
  const auto version = aws::query_value(context.query(), "versionId");
  if (!version || *version == "null") return {};
  return tl::unexpected(invalid_argument("versionId", *version, "Invalid version id specified"));
}

iam::ConditionKeys existing_tag_keys(const Object& object) {
  iam::ConditionKeys keys;
  add_existing_tags(object.attributes.tags, keys);
  return keys;
}

aws::S3Error missing_key(Context& context, const DecidedBucket& bucket, std::string_view key) {
  const auto may_list =
      context.authorize(Question{.action = "s3:ListBucket",
                                 .resource = bucket_arn(context.request.realm, bucket.bucket->name),
                                 .bucket = &bucket});
  return may_list ? no_such_key(key) : may_list.error();
}

aws::S3Outcome<Object> authorized_object(Context& context, Index::Detail detail,
                                         const Tags& asked) {
  auto object = context.index.object(context.bucket_name(), context.key(), detail);
  if (!object && object.error().code != IndexErrc::no_such_key) {
    return tl::unexpected(context.error_of(object.error()));
  }
  iam::ConditionKeys keys = object ? existing_tag_keys(*object) : iam::ConditionKeys();
  add_request_tags(asked, keys);
  IMDSD_TRY_VOID(context.authorize(keys));
  IMDSD_TRY_VOID(check_version(context));
  if (!object) return tl::unexpected(missing_key(context, context.bucket, context.key()));
  return *std::move(object);
}

}  // namespace imdsd::s3
