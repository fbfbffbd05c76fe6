// SPDX-License-Identifier: MIT
// One request on its way through an operation, and what all operations do with one.
#pragma once

#include <string>
#include <string_view>

#include "aws/s3_error.h"
#include "base/http_message.h"
#include "base/random.h"
#include "s3/authorize.h"
#include "s3/bucket_policy.h"
#include "s3/index.h"
#include "s3/object_store.h"
#include "s3/request.h"

namespace imdsd::s3 {

/// What operations work on; all of it outlives them.
struct Shelf {
  Index& index;
  ObjectStore& store;
  BucketPolicies& policies;
  base::Random& random;
};

using Outcome = aws::S3Outcome<base::HttpResponse>;

class Context {
 public:
  Context(Request& asked, const Shelf& shelf);

  Request& request;
  Index& index;
  ObjectStore& store;
  base::Random& random;
  DecidedBucket bucket;  // of the address; set by open_bucket()

  [[nodiscard]] const base::HttpHeaders& headers() const noexcept { return request.http.headers; }
  [[nodiscard]] std::string_view query() const noexcept { return request.http.query(); }
  [[nodiscard]] const std::string& bucket_name() const noexcept { return request.address.bucket; }
  [[nodiscard]] const std::string& key() const noexcept { return request.address.key; }
  [[nodiscard]] const Findings& findings() const noexcept { return authorizer_.findings(); }

  /// Looks the bucket of the address up. NoSuchBucket; AccessDenied when
  /// x-amz-expected-bucket-owner names another account.
  [[nodiscard]] aws::S3Outcome<void> open_bucket();
  [[nodiscard]] aws::S3Outcome<DecidedBucket> find_bucket(std::string_view name) const;

  /// All actions of the operation, on the resource that the address names. `more`: condition keys
  /// that its body or its object has.
  [[nodiscard]] aws::S3Outcome<void> authorize(const iam::ConditionKeys& more = {});
  [[nodiscard]] aws::S3Outcome<void> authorize(const Question& question);

  [[nodiscard]] aws::Arn own_resource() const;

  /// The answer for what the index, or a file, did not do. What the disk did not do is logged.
  [[nodiscard]] aws::S3Error error_of(const IndexError& error) const;

  /// The body of a document, held against what the head says of it.
  [[nodiscard]] aws::S3Outcome<std::string> read_body();

 private:
  BucketPolicies& policies_;
  Authorizer authorizer_;
};

/// IMDSD_TRY for an IndexResult, or a base::Result, in an operation.
#define IMDSD_S3_TRY(decl, context, expr) \
  IMDSD_S3_TRY_IMPL(IMDSD_CONCAT(imdsd_try_, __COUNTER__), decl, context, expr)
#define IMDSD_S3_TRY_IMPL(tmp, decl, context, expr)                              \
  auto tmp = (expr);                                                             \
  if (!tmp) return ::tl::unexpected((context).error_of(std::move(tmp).error())); \
  decl = *std::move(tmp)
#define IMDSD_S3_TRY_VOID(context, expr)                                              \
  do {                                                                                \
    if (auto imdsd_try_void = (expr); !imdsd_try_void)                                \
      return ::tl::unexpected((context).error_of(std::move(imdsd_try_void).error())); \
  } while (false)

[[nodiscard]] base::HttpResponse xml_answer(std::string xml);
/// 204, or another without a body.
[[nodiscard]] base::HttpResponse empty_answer(int status);

}  // namespace imdsd::s3
