// SPDX-License-Identifier: MIT
// What is set on a bucket: its policy, its tags, public access block and ownership controls.
#include <optional>
#include <string>
#include <utility>

#include "s3/answers.h"
#include "s3/documents.h"
#include "s3/errors.h"
#include "s3/operations.h"
#include "s3/public_policy.h"
#include "s3/tags.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

/// Policies are for the account that owns the bucket, whomever they let ask for them
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html).
S3Outcome<void> authorize_owner(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  if (context.request.caller.principal.account == context.bucket.bucket->owner) return {};
  return tl::unexpected(method_not_allowed(context.request.http.method, "BUCKETPOLICY"));
}

S3Outcome<void> check_has_policy(const Context& context) {
  if (context.bucket.policy) return {};
  return tl::unexpected(no_such_bucket_policy(context.bucket_name()));
}

aws::S3Error no_such_block(std::string_view bucket) {
  return {404,
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          {{"BucketName", std::string(bucket)}}};
}

aws::S3Error no_such_controls(std::string_view bucket) {
  return {404,
          "OwnershipControlsNotFoundError",
          "The bucket ownership controls were not found",
          {{"BucketName", std::string(bucket)}}};
}

}  // namespace

Outcome get_bucket_policy(Context& context) {
  IMDSD_TRY_VOID(authorize_owner(context));
  IMDSD_TRY_VOID(check_has_policy(context));
  const Realm& realm = context.request.realm;
  base::HttpResponse response;
  response.headers.add("Content-Type", "application/json");
  response.body =
      shown_bucket_policy(context.bucket.bucket->policy, *realm.directory, realm.partition);
  return response;
}

Outcome put_bucket_policy(Context& context) {
  IMDSD_TRY_VOID(authorize_owner(context));
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const std::string kept,
            parse_bucket_policy(text, context.bucket_name(), *context.request.realm.directory,
                                context.request.realm.partition));
  const auto& block = context.bucket.bucket->public_access_block;
  if (block && block->block_public_policy && is_public_policy(kept)) {
    return tl::unexpected(denied_because(
        context.request, context.request.operation.action, context.own_resource(),
        "because public policies are prevented by the BlockPublicPolicy setting in S3 Block "
        "Public Access."));
  }
  IMDSD_S3_TRY_VOID(context, context.index.set_policy(context.bucket_name(), kept));
  return empty_answer(204);
}

Outcome delete_bucket_policy(Context& context) {
  IMDSD_TRY_VOID(authorize_owner(context));
  IMDSD_S3_TRY_VOID(context, context.index.set_policy(context.bucket_name(), ""));
  return empty_answer(204);
}

Outcome get_bucket_policy_status(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY_VOID(check_has_policy(context));
  return xml_answer(policy_status_xml(context.bucket.policy->is_public));
}

Outcome get_bucket_tagging(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  const Tags& tags = context.bucket.bucket->tags;
  if (tags.empty()) return tl::unexpected(no_such_tag_set(context.bucket_name()));
  return xml_answer(tagging_xml(tags));
}

Outcome put_bucket_tagging(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const Tags tags, parse_tagging(text, TagOwner::bucket));
  IMDSD_S3_TRY_VOID(context, context.index.set_bucket_tags(context.bucket_name(), tags));
  return empty_answer(204);
}

Outcome delete_bucket_tagging(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_S3_TRY_VOID(context, context.index.set_bucket_tags(context.bucket_name(), {}));
  return empty_answer(204);
}

Outcome get_public_access_block(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  const auto& block = context.bucket.bucket->public_access_block;
  if (!block) return tl::unexpected(no_such_block(context.bucket_name()));
  return xml_answer(public_access_block_xml(*block));
}

Outcome put_public_access_block(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const PublicAccessBlock block, parse_public_access_block(text));
  IMDSD_S3_TRY_VOID(context, context.index.set_public_access_block(context.bucket_name(), block));
  return empty_answer(200);
}

Outcome delete_public_access_block(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_S3_TRY_VOID(context,
                    context.index.set_public_access_block(context.bucket_name(), std::nullopt));
  return empty_answer(204);
}

Outcome get_bucket_ownership_controls(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  const auto& ownership = context.bucket.bucket->ownership;
  if (!ownership) return tl::unexpected(no_such_controls(context.bucket_name()));
  return xml_answer(ownership_controls_xml(*ownership));
}

Outcome put_bucket_ownership_controls(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const std::string text, context.read_body());
  IMDSD_TRY(const ObjectOwnership ownership, parse_ownership_controls(text));
  IMDSD_S3_TRY_VOID(context, context.index.set_ownership(context.bucket_name(), ownership));
  return empty_answer(200);
}

Outcome delete_bucket_ownership_controls(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_S3_TRY_VOID(context, context.index.set_ownership(context.bucket_name(), std::nullopt));
  return empty_answer(204);
}

}  // namespace imdsd::s3
