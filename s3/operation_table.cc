// SPDX-License-Identifier: MIT
// Actions by https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html.
#include <array>
#include <cstddef>

#include "s3/operation.h"

namespace imdsd::s3 {
namespace {

using enum Operation;
using Kind = ResourceKind;

// In the order of the enumerators.
constexpr std::array kRows{
    OperationRow{list_buckets, "ListBuckets", "s3:ListAllMyBuckets", Kind::service},
    OperationRow{create_bucket, "CreateBucket", "s3:CreateBucket", Kind::bucket, BodyUse::document},
    OperationRow{head_bucket, "HeadBucket", "s3:ListBucket", Kind::bucket},
    OperationRow{delete_bucket, "DeleteBucket", "s3:DeleteBucket", Kind::bucket},
    OperationRow{list_objects, "ListObjects", "s3:ListBucket", Kind::bucket},
    OperationRow{list_objects_v2, "ListObjectsV2", "s3:ListBucket", Kind::bucket},
    OperationRow{delete_objects, "DeleteObjects", "s3:DeleteObject", Kind::object,
                 BodyUse::document, true},
    OperationRow{get_bucket_location, "GetBucketLocation", "s3:GetBucketLocation", Kind::bucket},
    OperationRow{get_bucket_versioning, "GetBucketVersioning", "s3:GetBucketVersioning",
                 Kind::bucket},
    OperationRow{get_bucket_encryption, "GetBucketEncryption", "s3:GetEncryptionConfiguration",
                 Kind::bucket},
    OperationRow{get_bucket_acl, "GetBucketAcl", "s3:GetBucketAcl", Kind::bucket},
    OperationRow{get_bucket_policy, "GetBucketPolicy", "s3:GetBucketPolicy", Kind::bucket},
    OperationRow{put_bucket_policy, "PutBucketPolicy", "s3:PutBucketPolicy", Kind::bucket,
                 BodyUse::document, true},
    OperationRow{delete_bucket_policy, "DeleteBucketPolicy", "s3:DeleteBucketPolicy", Kind::bucket},
    OperationRow{get_bucket_policy_status, "GetBucketPolicyStatus", "s3:GetBucketPolicyStatus",
                 Kind::bucket},
    OperationRow{get_bucket_tagging, "GetBucketTagging", "s3:GetBucketTagging", Kind::bucket},
    OperationRow{put_bucket_tagging, "PutBucketTagging", "s3:PutBucketTagging", Kind::bucket,
                 BodyUse::document, true},
    OperationRow{delete_bucket_tagging, "DeleteBucketTagging", "s3:PutBucketTagging", Kind::bucket},
    OperationRow{get_public_access_block, "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock",
                 Kind::bucket},
    OperationRow{put_public_access_block, "PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock",
                 Kind::bucket, BodyUse::document, true},
    OperationRow{delete_public_access_block, "DeletePublicAccessBlock",
                 "s3:PutBucketPublicAccessBlock", Kind::bucket},
    OperationRow{get_bucket_ownership_controls, "GetBucketOwnershipControls",
                 "s3:GetBucketOwnershipControls", Kind::bucket},
    OperationRow{put_bucket_ownership_controls, "PutBucketOwnershipControls",
                 "s3:PutBucketOwnershipControls", Kind::bucket, BodyUse::document, true},
    OperationRow{delete_bucket_ownership_controls, "DeleteBucketOwnershipControls",
                 "s3:PutBucketOwnershipControls", Kind::bucket},
    OperationRow{list_multipart_uploads, "ListMultipartUploads", "s3:ListBucketMultipartUploads",
                 Kind::bucket},
    OperationRow{put_object, "PutObject", "s3:PutObject", Kind::object, BodyUse::stream},
    OperationRow{copy_object, "CopyObject", "s3:PutObject", Kind::object},
    OperationRow{get_object, "GetObject", "s3:GetObject", Kind::object},
    OperationRow{head_object, "HeadObject", "s3:GetObject", Kind::object},
    OperationRow{delete_object, "DeleteObject", "s3:DeleteObject", Kind::object},
    OperationRow{get_object_acl, "GetObjectAcl", "s3:GetObjectAcl", Kind::object},
    OperationRow{get_object_attributes, "GetObjectAttributes", "s3:GetObject", Kind::object},
    OperationRow{get_object_tagging, "GetObjectTagging", "s3:GetObjectTagging", Kind::object},
    OperationRow{put_object_tagging, "PutObjectTagging", "s3:PutObjectTagging", Kind::object,
                 BodyUse::document, true},
    OperationRow{delete_object_tagging, "DeleteObjectTagging", "s3:DeleteObjectTagging",
                 Kind::object},
    OperationRow{create_multipart_upload, "CreateMultipartUpload", "s3:PutObject", Kind::object},
    OperationRow{upload_part, "UploadPart", "s3:PutObject", Kind::object, BodyUse::stream},
    OperationRow{upload_part_copy, "UploadPartCopy", "s3:PutObject", Kind::object},
    OperationRow{complete_multipart_upload, "CompleteMultipartUpload", "s3:PutObject", Kind::object,
                 BodyUse::document},
    OperationRow{abort_multipart_upload, "AbortMultipartUpload", "s3:AbortMultipartUpload",
                 Kind::object},
    OperationRow{list_parts, "ListParts", "s3:ListMultipartUploadParts", Kind::object},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].operation != static_cast<Operation>(i)) return false;
  }
  return true;
}
static_assert(is_in_order());

}  // namespace

std::span<const OperationRow> operations() noexcept {
  return kRows;
}

}  // namespace imdsd::s3
