// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>

#include "s3/answers.h"
#include "s3/documents.h"
#include "s3/errors.h"
#include "s3/list_parameters.h"
#include "s3/object_headers.h"
#include "s3/operations.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

constexpr std::string_view kFirstRegion = "us-east-1";

/// eu-west-1: the form alone; which regions there are changes.
bool is_region_name(std::string_view text) {
  const bool allowed = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  return allowed && std::count(text.begin(), text.end(), '-') >= 2 && text.size() <= 32 &&
         text.back() >= '0' && text.back() <= '9';
}

tl::unexpected<aws::S3Error> illegal_location(std::string_view constraint) {
  return tl::unexpected(aws::S3Error{400, "IllegalLocationConstraintException",
                                     "The " + std::string(constraint) +
                                         " location constraint is incompatible for the region "
                                         "specific endpoint this request was sent to."});
}

/// The region that a bucket is made in: us-east-1 makes them anywhere, all others at home
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).
S3Outcome<std::string> region_of(const CreateBucketDocument& document, const std::string& scope) {
  const bool anywhere = scope.empty() || scope == kFirstRegion || scope == "aws-global";
  if (!document.location_constraint) {
    if (!anywhere) return illegal_location("unspecified");
    return std::string(kFirstRegion);
  }
  const std::string& constraint = *document.location_constraint;
  const std::string region = constraint == "EU" ? "eu-west-1" : constraint;
  if (!is_region_name(region) || region == kFirstRegion) {
    return tl::unexpected(aws::S3Error{400,
                                       "InvalidLocationConstraint",
                                       "The specified location-constraint is not valid",
                                       {{"LocationConstraint", constraint}}});
  }
  if (!anywhere && region != scope) return illegal_location(constraint);
  return region;
}

/// x-amz-object-ownership.
S3Outcome<ObjectOwnership> ownership_of(const base::HttpHeaders& headers) {
  const auto header = headers.get("x-amz-object-ownership");
  if (!header) return ObjectOwnership::bucket_owner_enforced;
  if (const auto ownership = object_ownership(*header)) return *ownership;
  return tl::unexpected(
      invalid_argument("x-amz-object-ownership", *header,
                       "Invalid x-amz-object-ownership header: " + std::string(*header)));
}

std::string location_of(const Context& context, std::string_view region) {
  if (region == kFirstRegion) return "/" + context.bucket_name();
  std::string host(context.headers().get("host").value_or(""));
  if (!context.request.address.virtual_hosted) host.insert(0, context.bucket_name() + ".");
  return std::string(context.request.http.secure ? "https://" : "http://") + host + "/";
}

}  // namespace

Outcome list_buckets(Context& context) {
  // Policies name it by `arn:aws:s3:::*` as well as by `*`.
  IMDSD_TRY_VOID(context.authorize(Question{.action = context.request.operation.action,
                                            .resource = bucket_arn(context.request.realm, "*")}));
  IMDSD_TRY(const ListBuckets asked, parse_list_buckets(context.query()));
  const std::string& owner = context.request.caller.principal.account;
  BucketQuery query{.owner = owner,
                    .prefix = asked.prefix,
                    .after = asked.continue_after,
                    .region = asked.region};
  if (asked.max_buckets) query.max = *asked.max_buckets;
  IMDSD_S3_TRY(const BucketPage page, context, context.index.list_buckets(query));
  return xml_answer(list_buckets_xml(asked, page, canonical_user_id(owner)));
}

Outcome create_bucket(Context& context) {
  const iam::Principal& caller = context.request.caller.principal;
  if (caller.account.empty()) return tl::unexpected(access_denied());
  IMDSD_TRY(const std::string body, context.read_body());
  IMDSD_TRY(const CreateBucketDocument document, parse_create_bucket(body));
  iam::ConditionKeys keys;
  if (document.location_constraint) {
    keys.set("s3:locationconstraint", *document.location_constraint);
  }
  IMDSD_TRY_VOID(context.authorize(keys));
  IMDSD_TRY_VOID(refuse_unsupported_headers(context.headers(), AclOn::bucket));
  Bucket bucket = new_bucket(context.bucket_name(), caller.account, context.request.now);
  IMDSD_TRY(bucket.region, region_of(document, context.request.region));
  IMDSD_TRY(bucket.ownership, ownership_of(context.headers()));
  bucket.tags = document.tags;
  const auto created = context.index.create_bucket(bucket);
  const bool again = !created && created.error().code == IndexErrc::bucket_already_owned_by_you;
  // Of old, us-east-1 answers its owner as if it had been made now.
  if (!created && !(again && bucket.region == kFirstRegion)) {
    return tl::unexpected(context.error_of(created.error()));
  }
  base::HttpResponse response = empty_answer(200);
  response.headers.add("Location", location_of(context, bucket.region));
  response.headers.add("x-amz-bucket-arn", context.own_resource().to_string());
  return response;
}

Outcome head_bucket(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  base::HttpResponse response = empty_answer(200);
  response.headers.add("Content-Type", "application/xml");
  response.headers.add("x-amz-access-point-alias", "false");
  response.headers.add("x-amz-bucket-arn", context.own_resource().to_string());
  return response;
}

Outcome delete_bucket(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_S3_TRY_VOID(context, context.store.delete_bucket(context.bucket_name()));
  return empty_answer(204);
}

Outcome get_bucket_location(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  return xml_answer(location_xml(context.bucket.bucket->region));
}

Outcome get_bucket_versioning(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  return xml_answer(versioning_xml());
}

Outcome get_bucket_encryption(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  return xml_answer(encryption_xml());
}

Outcome get_bucket_acl(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  return xml_answer(private_acl_xml(canonical_user_id(context.bucket.bucket->owner)));
}

}  // namespace imdsd::s3
