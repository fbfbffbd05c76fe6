// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <utility>

#include "aws/query_string.h"
#include "s3/condition_keys.h"
#include "s3/conditions.h"
#include "s3/errors.h"
#include "s3/multipart.h"
#include "s3/object_headers.h"
#include "s3/object_reading.h"
#include "s3/operations.h"
#include "s3/receive.h"
#include "s3/tags.h"
#include "s3/written_object.h"

namespace imdsd::s3 {

iam::ConditionKeys request_tag_keys(const base::HttpHeaders& headers) {
  iam::ConditionKeys keys;
  if (const auto header = headers.get("x-amz-tagging")) {
    // What does not parse is refused by the operation, behind the decision.
    if (const auto tags = parse_tagging_header(*header)) add_request_tags(*tags, keys);
  }
  return keys;
}

void add_write_headers(base::HttpHeaders& out, const std::string& etag) {
  if (!etag.empty()) out.add("ETag", "\"" + etag + "\"");
  out.add("x-amz-server-side-encryption", "AES256");
}

Outcome put_object(Context& context) {
  IMDSD_TRY_VOID(context.authorize(request_tag_keys(context.headers())));
  IMDSD_TRY_VOID(refuse_unsupported_headers(context.headers()));
  Object object;
  IMDSD_TRY(object.attributes, parse_object_attributes(context.headers()));
  IMDSD_TRY(const WriteCondition condition, parse_write_condition(context.headers()));
  IMDSD_TRY(Received received, receive_body(context, kMaxPutBytes));
  object.key = context.key();
  object.etag = received.digests.etag;
  object.checksum = received.digests.checksum;
  object.last_modified = context.request.now;
  object.owner = context.bucket.bucket->owner;
  base::HttpResponse response;
  add_write_headers(response.headers, object.etag);
  add_checksum_headers(response.headers, received.digests.checksum);
  IMDSD_S3_TRY_VOID(context, context.store.put_object(context.bucket_name(), std::move(object),
                                                      std::move(received.file), condition));
  return response;
}

}  // namespace imdsd::s3
