// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <utility>

#include "s3/answers.h"
#include "s3/checksum.h"
#include "s3/condition_keys.h"
#include "s3/conditions.h"
#include "s3/copy_source.h"
#include "s3/errors.h"
#include "s3/multipart.h"
#include "s3/object_headers.h"
#include "s3/operations.h"
#include "s3/receive.h"
#include "s3/written_object.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

/// x-amz-metadata-directive, x-amz-tagging-directive: true for REPLACE.
S3Outcome<bool> replaces(const base::HttpHeaders& headers, std::string_view header,
                         std::string_view what) {
  const auto directive = headers.get(header);
  if (!directive || *directive == "COPY") return false;
  if (*directive == "REPLACE") return true;
  return tl::unexpected(
      invalid_argument(header, *directive, "Unknown " + std::string(what) + " directive."));
}

struct Directives {
  bool replace_metadata = false, replace_tags = false;
};

S3Outcome<Directives> directives_of(const base::HttpHeaders& headers) {
  Directives out;
  IMDSD_TRY(out.replace_metadata, replaces(headers, "x-amz-metadata-directive", "metadata"));
  IMDSD_TRY(out.replace_tags, replaces(headers, "x-amz-tagging-directive", "tagging"));
  return out;
}

/// x-amz-checksum-algorithm; else the source's own.
S3Outcome<std::optional<ChecksumAlgorithm>> algorithm_of(const base::HttpHeaders& headers,
                                                         const Object& source) {
  const auto header = headers.get("x-amz-checksum-algorithm");
  if (!header) {
    return source.checksum ? std::optional(source.checksum->algorithm) : std::nullopt;
  }
  if (const auto algorithm = checksum_algorithm(*header)) return algorithm;
  return tl::unexpected(invalid_request(
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
      "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"));
}

S3Outcome<void> check_source(const Context& context, const Object& source,
                             const Directives& directives) {
  if (source.size > kMaxPutBytes) {
    return tl::unexpected(
        invalid_request("The specified copy source is larger than the maximum allowable size for a "
                        "copy source: " +
                        std::to_string(kMaxPutBytes)));
  }
  IMDSD_TRY(const Address address,
            parse_copy_source(context.headers().get("x-amz-copy-source").value_or("")));
  const bool onto_itself = address.bucket == context.bucket_name() && address.key == context.key();
  const bool changes = directives.replace_metadata || directives.replace_tags ||
                       context.headers().has("x-amz-checksum-algorithm") ||
                       context.headers().has("x-amz-storage-class") ||
                       context.headers().has("x-amz-server-side-encryption");
  if (!onto_itself || changes) return {};
  return tl::unexpected(invalid_request(
      "This copy request is illegal because it is trying to copy an object to itself without "
      "changing the object's metadata, storage class, website redirect location or encryption "
      "attributes."));
}

/// The right to write the target. Tags that come along take the right to set them, as those of the
/// request do (https://repost.aws/knowledge-center/s3-troubleshoot-copy-between-buckets).
S3Outcome<void> authorize_target(Context& context, const Object& source,
                                 const Directives& directives) {
  const Tags& tags = source.attributes.tags;
  iam::ConditionKeys keys = request_tag_keys(context.headers());
  if (!directives.replace_tags) add_request_tags(tags, keys);
  IMDSD_TRY_VOID(context.authorize(keys));
  if (directives.replace_tags || tags.empty() || context.headers().has("x-amz-tagging")) return {};
  return context.authorize(Question{.action = "s3:PutObjectTagging",
                                    .resource = context.own_resource(),
                                    .bucket = &context.bucket,
                                    .more = &keys});
}

}  // namespace

Outcome copy_object(Context& context) {
  IMDSD_TRY(const Directives directives, directives_of(context.headers()));
  IMDSD_TRY(auto source, open_copy_source(context, !directives.replace_tags));
  IMDSD_TRY_VOID(authorize_target(context, source.object, directives));
  IMDSD_TRY_VOID(refuse_unsupported_headers(context.headers()));
  IMDSD_TRY_VOID(check_source(context, source.object, directives));
  IMDSD_TRY(ObjectAttributes given, parse_object_attributes(context.headers()));
  IMDSD_TRY(const WriteCondition condition, parse_write_condition(context.headers()));
  IMDSD_TRY(const auto algorithm, algorithm_of(context.headers(), source.object));
  IMDSD_TRY(Received received,
            receive_copy(context, {source.reader, 0, source.object.size}, algorithm));
  Object object;
  object.key = context.key();
  object.etag = received.digests.etag;
  object.checksum = received.digests.checksum;
  object.last_modified = context.request.now;
  object.owner = context.bucket.bucket->owner;
  object.attributes = std::move(source.object.attributes);
  if (directives.replace_tags) object.attributes.tags = std::move(given.tags);
  if (directives.replace_metadata) {
    object.attributes.headers = std::move(given.headers);
    object.attributes.metadata = std::move(given.metadata);
  }
  base::HttpResponse response =
      xml_answer(copy_xml(CopyOf::object, object.etag, object.last_modified, object.checksum));
  add_write_headers(response.headers, "");
  IMDSD_S3_TRY_VOID(context, context.store.put_object(context.bucket_name(), std::move(object),
                                                      std::move(received.file), condition));
  return response;
}

}  // namespace imdsd::s3
