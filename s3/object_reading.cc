// SPDX-License-Identifier: MIT
#include "s3/object_reading.h"

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

}  // namespace imdsd::s3
