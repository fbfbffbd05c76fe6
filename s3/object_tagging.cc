// SPDX-License-Identifier: MIT
#include <utility>

#include "s3/answers.h"
#include "s3/condition_keys.h"
#include "s3/errors.h"
#include "s3/object_reading.h"
#include "s3/operations.h"
#include "s3/tags.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

/// The object that the address names, once the caller may do this to it.
S3Outcome<Object> authorized_object(Context& context, const Tags& asked = {}) {
  auto object =
      context.index.object(context.bucket_name(), context.key(), Index::Detail::description);
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

S3Outcome<void> set_tags(Context& context, const Tags& tags) {
  IMDSD_S3_TRY_VOID(context,
                    context.index.set_object_tags(context.bucket_name(), context.key(), tags));
  return {};
}

}  // namespace

Outcome get_object_tagging(Context& context) {
  IMDSD_TRY(const Object object, authorized_object(context));
  return xml_answer(tagging_xml(object.attributes.tags));
}

Outcome put_object_tagging(Context& context) {
  // Policies look at the tags that are asked for.
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const Tags tags, parse_tagging(text, TagOwner::object));
  IMDSD_TRY_VOID(authorized_object(context, tags));
  IMDSD_TRY_VOID(set_tags(context, tags));
  return empty_answer(200);
}

Outcome delete_object_tagging(Context& context) {
  IMDSD_TRY_VOID(authorized_object(context));
  IMDSD_TRY_VOID(set_tags(context, {}));
  return empty_answer(204);
}

Outcome get_object_acl(Context& context) {
  IMDSD_TRY_VOID(authorized_object(context));
  return xml_answer(private_acl_xml(canonical_user_id(context.bucket.bucket->owner)));
}

}  // namespace imdsd::s3
