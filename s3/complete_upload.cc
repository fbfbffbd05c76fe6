// SPDX-License-Identifier: MIT
// The end of an upload: its parts, checked, become an object
// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html).
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "s3/answers.h"
#include "s3/checksum.h"
#include "s3/conditions.h"
#include "s3/documents.h"
#include "s3/errors.h"
#include "s3/list_parameters.h"
#include "s3/multipart.h"
#include "s3/operations.h"
#include "s3/upload.h"
#include "s3/upload_body.h"
#include "s3/written_object.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;
using Parts = std::vector<Part>;

/// The document, and what the head says of the whole object.
struct Completion {
  std::vector<CompletedPart> parts;
  std::optional<ChecksumClaim> checksum;
};

S3Outcome<Completion> read_completion(Context& context) {
  IMDSD_TRY(UploadTerms terms, parse_upload_terms(context.headers(), context.request.signed_by));
  Completion completion;
  // Here it is the object's, not the body's.
  completion.checksum = std::exchange(terms.checksum, std::nullopt);
  IMDSD_TRY(const std::string text,
            read_document(context.request.http, terms, std::move(context.request.chunk_signatures),
                          kMaxDocumentBytes));
  IMDSD_TRY(completion.parts, parse_complete_multipart_upload(text));
  return completion;
}

S3Outcome<std::map<std::uint32_t, Part>> uploaded_parts(const Context& context,
                                                        const Upload& upload) {
  std::map<std::uint32_t, Part> parts;
  std::uint32_t after = 0;
  while (true) {
    IMDSD_S3_TRY(PartPage page, context,
                 context.index.list_parts(context.bucket_name(), context.key(), upload.id, after,
                                          kMaxListed));
    for (Part& part : page.parts) {
      after = part.number;
      parts.emplace(part.number, std::move(part));
    }
    if (!page.truncated) return parts;
  }
}

S3Outcome<void> check_part_checksum(const Upload& upload, const CompletedPart& asked,
                                    const Part& part) {
  if (asked.checksum && upload.checksum_algorithm) {
    const bool same = part.checksum && part.checksum->algorithm == asked.checksum->algorithm &&
                      part.checksum->value == asked.checksum->value;
    if (same) return {};
    return tl::unexpected(invalid_part(upload.id, asked.part_number, asked.etag));
  }
  if (!upload.checksum_algorithm || upload.checksum_type != ChecksumType::composite) return {};
  return tl::unexpected(invalid_request(
      "The upload was created using a " + base::to_lower(name_of(*upload.checksum_algorithm)) +
      " checksum. The complete request must include the checksum for each part. It was missing for "
      "part " +
      std::to_string(asked.part_number) + " in the request."));
}

/// The parts that were asked for, in order, each as it was uploaded.
S3Outcome<Parts> chosen_parts(const Context& context, const Upload& upload,
                              const std::vector<CompletedPart>& asked) {
  IMDSD_TRY(auto uploaded, uploaded_parts(context, upload));
  Parts parts;
  for (const CompletedPart& each : asked) {
    if (!parts.empty() && parts.back().number >= each.part_number) {
      return tl::unexpected(invalid_part_order(upload.id));
    }
    const auto found = uploaded.find(each.part_number);
    if (found == uploaded.end() || found->second.etag != each.etag) {
      return tl::unexpected(invalid_part(upload.id, each.part_number, each.etag));
    }
    IMDSD_TRY_VOID(check_part_checksum(upload, each, found->second));
    parts.push_back(std::move(found->second));
  }
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.size < kMinPartBytes) {
      return tl::unexpected(part_too_small(part.size, part.number, part.etag));
    }
  }
  return parts;
}

/// x-amz-mp-object-size.
S3Outcome<void> check_size(const Context& context, std::uint64_t size) {
  const auto header = context.headers().get("x-amz-mp-object-size");
  if (!header || *header == std::to_string(size)) return {};
  return tl::unexpected(
      invalid_request("The provided 'x-amz-mp-object-size' header value " + std::string(*header) +
                      " does not match what was computed: " + std::to_string(size)));
}

/// The checksum of the whole object that the head may name: of a COMPOSITE one with its `-N`.
S3Outcome<void> check_claim(const std::optional<ChecksumClaim>& claim, const Checksum& computed) {
  if (!claim || !claim->value) return {};
  const std::string value = base::base64_encode(*claim->value);
  const std::string_view whole = std::string_view(computed.value);
  const bool same =
      claim->algorithm == computed.algorithm && value == whole.substr(0, whole.find('-'));
  if (same) return {};
  return tl::unexpected(checksum_mismatch(claim->algorithm));
}

std::string location_of(const Context& context) {
  const std::string scheme = context.request.http.secure ? "https://" : "http://";
  std::string path = "/" + base::percent_encode(context.key());
  if (!context.request.address.virtual_hosted) path.insert(0, "/" + context.bucket_name());
  return scheme + std::string(context.headers().get("host").value_or("")) + path;
}

Object object_of(const Context& context, const Upload& upload, Parts parts) {
  Object object;
  object.key = context.key();
  for (const Part& part : parts) object.size += part.size;
  object.etag = multipart_etag(parts);
  object.checksum = multipart_checksum({upload.checksum_algorithm, upload.checksum_type}, parts);
  object.last_modified = context.request.now;
  object.owner = context.bucket.bucket->owner;
  object.attributes = upload.attributes;
  object.parts = std::move(parts);
  object.multipart = true;
  return object;
}

}  // namespace

Outcome complete_multipart_upload(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const Completion completion, read_completion(context));
  IMDSD_TRY(const WriteCondition condition, parse_write_condition(context.headers()));
  IMDSD_TRY(const Upload upload, find_upload(context));
  IMDSD_TRY(Parts parts, chosen_parts(context, upload, completion.parts));
  const Object object = object_of(context, upload, std::move(parts));
  IMDSD_TRY_VOID(check_size(context, object.size));
  // One of an upload that named no algorithm is not looked at, as with S3.
  if (upload.checksum_algorithm) {
    IMDSD_TRY_VOID(check_claim(completion.checksum, *object.checksum));
  }
  const auto completed =
      context.store.complete_upload(context.bucket_name(), upload.id, object, condition);
  if (!completed && completed.error().code == IndexErrc::no_such_upload) {
    return tl::unexpected(no_such_upload(upload.id));
  }
  if (!completed) return tl::unexpected(context.error_of(completed.error()));
  base::HttpResponse response = xml_answer(complete_multipart_upload_xml(
      location_of(context), context.bucket_name(), context.key(), object.etag, object.checksum));
  add_write_headers(response.headers, "");
  return response;
}

}  // namespace imdsd::s3
