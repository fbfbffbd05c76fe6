// SPDX-License-Identifier: MIT
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/query_string.h"
#include "s3/byte_range.h"
#include "s3/conditions.h"
#include "s3/errors.h"
#include "s3/multipart.h"
#include "s3/object_headers.h"
#include "s3/object_reading.h"
#include "s3/operations.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;

constexpr std::size_t kPieceBytes = 256UL * 1024;

/// What of an object goes out, and what the head says of it.
struct Excerpt {
  base::HttpResponse response;
  std::uint64_t offset = 0, size = 0;
};

/// What vouches for one part alone: its own checksum where that of the object is of them all, or
/// else that of the object if it has no other part
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
std::optional<Checksum> checksum_of(const Part& part, const Object& object) {
  if (!object.checksum || object.checksum->type == ChecksumType::full_object) {
    return object.parts.size() == 1 ? object.checksum : std::nullopt;
  }
  auto checksum = part.checksum;
  if (checksum) checksum->type = ChecksumType::composite;
  return checksum;
}

/// partNumber: the bytes of one part, and its checksum in place of that of the whole
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
S3Outcome<std::optional<ByteRange>> part_range(const Context& context, Object& object,
                                               base::HttpHeaders& headers) {
  const auto text = aws::query_value(context.query(), "partNumber");
  if (!text) return std::optional<ByteRange>();
  if (context.headers().has("range")) {
    return tl::unexpected(
        invalid_request("Cannot specify both Range header and partNumber query parameter"));
  }
  IMDSD_TRY(const std::uint32_t number, parse_part_number(*text));
  const std::size_t parts = object.multipart ? object.parts.size() : 1;
  if (number > parts) {
    return tl::unexpected(aws::S3Error{416,
                                       "InvalidPartNumber",
                                       "The requested partnumber is not satisfiable",
                                       {{"PartNumberRequested", std::to_string(number)},
                                        {"ActualPartCount", std::to_string(parts)}}});
  }
  if (!object.multipart) return std::optional<ByteRange>();
  headers.add("x-amz-mp-parts-count", std::to_string(parts));
  std::uint64_t first = 0;
  for (std::uint32_t i = 0; i + 1 < number; ++i) first += object.parts[i].size;
  object.checksum = checksum_of(object.parts[number - 1], object);
  const std::uint64_t size = object.parts[number - 1].size;
  if (size == 0) return std::optional<ByteRange>();
  return std::optional(ByteRange{first, first + size - 1});
}

S3Outcome<std::optional<ByteRange>> range_of(const Context& context, Object& object,
                                             base::HttpHeaders& headers) {
  IMDSD_TRY(auto part, part_range(context, object, headers));
  const auto header = context.headers().get("range");
  if (part || !header) return part;
  IMDSD_TRY(auto range, resolve_range(*header, object.size));
  if (range && range->size() != object.size) object.checksum.reset();  // it is that of the whole
  return range;
}

/// Without a checksum: clients would hold it against the body that is not there.
base::HttpResponse not_modified(const Context& context, Object& object) {
  base::HttpResponse response = empty_answer(304);
  object.checksum.reset();
  add_object_headers(response.headers, object, context.request.http);
  return response;
}

/// Conditions, range and head; of size 0 when no byte is to be sent.
S3Outcome<Excerpt> excerpt_of(const Context& context, Object& object) {
  const auto verdict =
      check_conditions(parse_conditions(context.headers()), object.etag, object.last_modified);
  if (verdict.verdict == Verdict::failed) {
    return tl::unexpected(precondition_failed(verdict.condition));
  }
  if (verdict.verdict == Verdict::not_modified) return Excerpt{not_modified(context, object)};
  const bool anonymous = context.request.signed_by == SignedBy::nobody;
  IMDSD_TRY_VOID(apply_response_overrides(object.attributes.headers, context.query(), anonymous));
  Excerpt excerpt;
  excerpt.size = object.size;
  base::HttpHeaders& headers = excerpt.response.headers;
  IMDSD_TRY(const auto range, range_of(context, object, headers));
  if (range) {
    excerpt.response.status = 206;
    excerpt.offset = range->first;
    excerpt.size = range->size();
    headers.add("Content-Range", content_range(*range, object.size));
  }
  add_object_headers(headers, object, context.request.http);
  return excerpt;
}

base::HttpBodySource source_of(FileReader reader, std::uint64_t begin, std::uint64_t size) {
  return {size,
          [shared = std::make_shared<FileReader>(std::move(reader)), begin](
              std::size_t offset, std::span<char> out) -> base::Result<void> {
            IMDSD_TRY(const std::size_t got, shared->read(begin + offset, out));
            if (got == out.size()) return {};
            return base::fail(base::Errc::corrupt, "an object is shorter than it was");
          }};
}

/// A small one goes out with the head, from the thread that has it; others are read as they go.
S3Outcome<base::HttpResponse> with_body(const Context& context, Excerpt excerpt,
                                        FileReader reader) {
  if (excerpt.size <= kPieceBytes) {
    excerpt.response.body.resize(excerpt.size);
    IMDSD_S3_TRY(const std::size_t got, context,
                 reader.read(excerpt.offset, std::span(excerpt.response.body)));
    if (got != excerpt.size) return tl::unexpected(internal_error());
    return std::move(excerpt.response);
  }
  excerpt.response.source = source_of(std::move(reader), excerpt.offset, excerpt.size);
  return std::move(excerpt.response);
}

/// The caller may read the object if it is there.
S3Outcome<void> authorize_reading(Context& context, const Object* object) {
  IMDSD_TRY_VOID(
      context.authorize(object != nullptr ? existing_tag_keys(*object) : iam::ConditionKeys()));
  IMDSD_TRY_VOID(check_version(context));
  if (object == nullptr) {
    return tl::unexpected(missing_key(context, context.bucket, context.key()));
  }
  return {};
}

bool is_missing(const IndexError& error) {
  return error.code == IndexErrc::no_such_key;
}

}  // namespace

Outcome get_object(Context& context) {
  auto opened = context.store.open_object(context.bucket_name(), context.key());
  if (!opened && !is_missing(opened.error())) {
    return tl::unexpected(context.error_of(opened.error()));
  }
  IMDSD_TRY_VOID(authorize_reading(context, opened ? &opened->object : nullptr));
  IMDSD_TRY(Excerpt excerpt, excerpt_of(context, opened->object));
  if (excerpt.response.status == 304) return std::move(excerpt.response);
  return with_body(context, std::move(excerpt), std::move(opened->reader));
}

Outcome head_object(Context& context) {
  const bool of_part = aws::query_value(context.query(), "partNumber").has_value();
  auto object =
      context.index.object(context.bucket_name(), context.key(),
                           of_part ? Index::Detail::with_parts : Index::Detail::description);
  if (!object && !is_missing(object.error())) {
    return tl::unexpected(context.error_of(object.error()));
  }
  IMDSD_TRY_VOID(authorize_reading(context, object ? &*object : nullptr));
  IMDSD_TRY(Excerpt excerpt, excerpt_of(context, *object));
  if (excerpt.response.status != 304) {
    excerpt.response.headers.add("Content-Length", std::to_string(excerpt.size));
  }
  return std::move(excerpt.response);
}

}  // namespace imdsd::s3
