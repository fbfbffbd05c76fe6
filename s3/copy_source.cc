// SPDX-License-Identifier: MIT
#include "s3/copy_source.h"

#include <utility>

#include "s3/address.h"
#include "s3/conditions.h"
#include "s3/errors.h"
#include "s3/object_reading.h"

namespace imdsd::s3 {

aws::S3Outcome<ObjectStore::Opened> open_copy_source(Context& context, bool with_tags) {
  const auto header = context.headers().get("x-amz-copy-source");
  IMDSD_TRY(const Address address, parse_copy_source(header.value_or("")));
  IMDSD_TRY(const DecidedBucket bucket, context.find_bucket(address.bucket));
  auto opened = context.store.open_object(address.bucket, address.key);
  if (!opened && opened.error().code != IndexErrc::no_such_key) {
    return tl::unexpected(context.error_of(opened.error()));
  }
  const iam::ConditionKeys keys = opened ? existing_tag_keys(opened->object) : iam::ConditionKeys();
  Question question{.action = "s3:GetObject",
                    .resource = object_arn(context.request.realm, address.bucket, address.key),
                    .bucket = &bucket,
                    .more = &keys};
  IMDSD_TRY_VOID(context.authorize(question));
  if (!opened) return tl::unexpected(missing_key(context, bucket, address.key));
  if (with_tags && !opened->object.attributes.tags.empty()) {
    question.action = "s3:GetObjectTagging";
    IMDSD_TRY_VOID(context.authorize(question));
  }
  IMDSD_TRY_VOID(check_copy_source(parse_copy_source_conditions(context.headers()),
                                   opened->object.etag, opened->object.last_modified));
  return *std::move(opened);
}

}  // namespace imdsd::s3
