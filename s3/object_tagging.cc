// SPDX-License-Identifier: MIT
#include "s3/answers.h"
#include "s3/object_reading.h"
#include "s3/operations.h"
#include "s3/tags.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

S3Outcome<void> set_tags(Context& context, const Tags& tags) {
  IMDSD_S3_TRY_VOID(context,
                    context.index.set_object_tags(context.bucket_name(), context.key(), tags));
  return {};
}

}  // namespace

Outcome get_object_tagging(Context& context) {
  IMDSD_TRY(const Object object, authorized_object(context, Index::Detail::description));
  return xml_answer(tagging_xml(object.attributes.tags));
}

Outcome put_object_tagging(Context& context) {
  // Policies look at the tags that are asked for.
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const Tags tags, parse_tagging(text, TagOwner::object));
  IMDSD_TRY_VOID(authorized_object(context, Index::Detail::description, tags));
  IMDSD_TRY_VOID(set_tags(context, tags));
  return empty_answer(200);
}

Outcome delete_object_tagging(Context& context) {
  IMDSD_TRY_VOID(authorized_object(context, Index::Detail::description));
  IMDSD_TRY_VOID(set_tags(context, {}));
  return empty_answer(204);
}

Outcome get_object_acl(Context& context) {
  IMDSD_TRY_VOID(authorized_object(context, Index::Detail::description));
  return xml_answer(private_acl_xml(canonical_user_id(context.bucket.bucket->owner)));
}

}  // namespace imdsd::s3
