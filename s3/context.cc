// SPDX-License-Identifier: MIT
#include "s3/context.h"

#include <utility>

#include "aws/ids.h"
#include "base/log.h"
#include "s3/documents.h"
#include "s3/errors.h"
#include "s3/upload_body.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
S3Outcome<void> check_expected_owner(const base::HttpHeaders& headers, std::string_view header,
                                     const Bucket& bucket) {
  const auto expected = headers.get(header);
  if (!expected) return {};
  if (!aws::AccountId::parse(*expected)) {
    return tl::unexpected(
        aws::S3Error{400, "InvalidBucketOwnerAWSAccountID",
                     "The value of the expected bucket owner parameter must be an AWS account ID"});
  }
  if (*expected != bucket.owner) return tl::unexpected(access_denied());
  return {};
}

}  // namespace

Context::Context(Request& asked, const Shelf& shelf)
    : request(asked),
      index(shelf.index),
      store(shelf.store),
      random(shelf.random),
      policies_(shelf.policies),
      authorizer_(asked) {}

S3Outcome<DecidedBucket> Context::find_bucket(std::string_view name) const {
  auto found = index.bucket(name);
  if (!found) {
    if (found.error().code == IndexErrc::no_such_bucket) {
      return tl::unexpected(no_such_bucket(name));
    }
    return tl::unexpected(error_of(found.error()));
  }
  IMDSD_TRY(auto policy, policies_.of(*found));
  const bool is_own = name == bucket_name();
  IMDSD_TRY_VOID(check_expected_owner(
      headers(), is_own ? "x-amz-expected-bucket-owner" : "x-amz-source-expected-bucket-owner",
      **found));
  return DecidedBucket{*std::move(found), std::move(policy)};
}

S3Outcome<void> Context::open_bucket() {
  IMDSD_TRY(bucket, find_bucket(bucket_name()));
  return {};
}

aws::Arn Context::own_resource() const {
  return request.operation.resource == ResourceKind::object
             ? object_arn(request.realm, bucket_name(), key())
             : bucket_arn(request.realm, bucket_name());
}

S3Outcome<void> Context::authorize(const iam::ConditionKeys& more) {
  for (const std::string_view action : actions_of(request.operation, request.http)) {
    IMDSD_TRY_VOID(authorize(Question{.action = action,
                                      .resource = own_resource(),
                                      .bucket = bucket.bucket ? &bucket : nullptr,
                                      .more = &more}));
  }
  return {};
}

S3Outcome<void> Context::authorize(const Question& question) {
  if (auto refusal = authorizer_.refuse(question)) return tl::unexpected(*std::move(refusal));
  return {};
}

aws::S3Error Context::error_of(const IndexError& error) const {
  switch (error.code) {
    case IndexErrc::no_such_bucket:
      return no_such_bucket(bucket_name());
    case IndexErrc::bucket_already_owned_by_you:
      return bucket_already_owned_by_you(bucket_name());
    case IndexErrc::bucket_already_exists:
      return bucket_already_exists(bucket_name());
    case IndexErrc::bucket_not_empty:
      return bucket_not_empty(bucket_name());
    case IndexErrc::no_such_key:
      return no_such_key(key());
    case IndexErrc::no_such_upload:
      return no_such_upload("");
    case IndexErrc::invalid_part:
      return invalid_request("A part was replaced while the upload was being completed.");
    case IndexErrc::precondition_failed:
      return precondition_failed(headers().has("if-none-match") ? "If-None-Match" : "If-Match");
    case IndexErrc::failed:
      break;
  }
  base::log_error("a request to S3 failed", {{"operation", request.operation.name},
                                             {"bucket", bucket_name()},
                                             {"error", error.error.message}});
  if (error.error.code == base::Errc::unavailable) {
    return {503, "ServiceUnavailable", "It cannot be stored now: " + error.error.message};
  }
  return internal_error();
}

S3Outcome<std::string> Context::read_body() {
  IMDSD_TRY(const UploadTerms terms, parse_upload_terms(headers(), request.signed_by));
  if (request.operation.needs_checksum) IMDSD_TRY_VOID(require_checksum(terms));
  return read_document(request.http, terms, std::move(request.chunk_signatures), kMaxDocumentBytes);
}

base::HttpResponse xml_answer(std::string xml) {
  base::HttpResponse response;
  response.headers.add("Content-Type", "application/xml");
  response.body = std::move(xml);
  return response;
}

base::HttpResponse empty_answer(int status) {
  base::HttpResponse response;
  response.status = status;
  return response;
}

}  // namespace imdsd::s3
