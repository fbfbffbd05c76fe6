// SPDX-License-Identifier: MIT
// Uploads in parts, up to the last part
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
#include <optional>
#include <string>
#include <utility>

#include "aws/query_string.h"
#include "base/codec.h"
#include "s3/answers.h"
#include "s3/byte_range.h"
#include "s3/checksum.h"
#include "s3/copy_source.h"
#include "s3/errors.h"
#include "s3/list_parameters.h"
#include "s3/multipart.h"
#include "s3/object_headers.h"
#include "s3/operations.h"
#include "s3/receive.h"
#include "s3/upload.h"
#include "s3/upload_id.h"
#include "s3/written_object.h"

namespace imdsd::s3 {

using aws::S3Outcome;

std::string upload_id_of(const Context& context) {
  return aws::query_value(context.query(), "uploadId").value_or("");
}

S3Outcome<Upload> find_upload(const Context& context) {
  const std::string id = upload_id_of(context);
  auto upload = context.index.upload(context.bucket_name(), context.key(), id);
  if (upload) return *std::move(upload);
  if (upload.error().code == IndexErrc::no_such_upload) {
    return tl::unexpected(no_such_upload(id));
  }
  return tl::unexpected(context.error_of(upload.error()));
}

namespace {

/// Of each part: that of the upload, else S3's own choice.
ChecksumAlgorithm part_algorithm(const Upload& upload) {
  return upload.checksum_algorithm.value_or(ChecksumAlgorithm::crc64nvme);
}

/// A part of an upload that was begun with an algorithm has a checksum of that one, or none.
S3Outcome<void> check_part_claim(const Context& context, const Upload& upload) {
  IMDSD_TRY(const auto claim, parse_checksum_claim(context.headers()));
  const auto expected = upload.checksum_algorithm;
  if (!claim || !expected || claim->algorithm == *expected) return {};
  return tl::unexpected(
      invalid_request("Checksum Type mismatch occurred, expected checksum Type: " +
                      base::to_lower(name_of(*expected)) +
                      ", actual checksum Type: " + base::to_lower(name_of(claim->algorithm))));
}

S3Outcome<std::uint32_t> part_number_of(const Context& context) {
  return parse_part_number(aws::query_value(context.query(), "partNumber").value_or(""));
}

/// Stores a part whose bytes are there, and tells what it was.
S3Outcome<Part> put_part(Context& context, const Upload& upload, std::uint32_t number,
                         Received received) {
  Part part;
  part.number = number;
  part.size = received.digests.size;
  part.etag = received.digests.etag;
  part.checksum = received.digests.checksum;
  part.last_modified = context.request.now;
  auto stored = context.store.put_part(context.bucket_name(), context.key(), upload.id, part,
                                       std::move(received.file));
  if (stored) return part;
  if (stored.error().code == IndexErrc::no_such_upload) {
    return tl::unexpected(no_such_upload(upload.id));
  }
  return tl::unexpected(context.error_of(stored.error()));
}

/// x-amz-copy-source-range, or all of the source.
S3Outcome<CopySource> copied_range(const Context& context, ObjectStore::Opened& source) {
  CopySource copied{source.reader, 0, source.object.size};
  if (const auto header = context.headers().get("x-amz-copy-source-range")) {
    IMDSD_TRY(const ByteRange range, parse_copy_source_range(*header, source.object.size));
    copied.offset = range.first;
    copied.size = range.size();
  }
  if (copied.size > kMaxPartBytes) {
    return tl::unexpected(entity_too_large(copied.size, kMaxPartBytes));
  }
  return copied;
}

}  // namespace

Outcome create_multipart_upload(Context& context) {
  IMDSD_TRY_VOID(context.authorize(request_tag_keys(context.headers())));
  IMDSD_TRY_VOID(refuse_unsupported_headers(context.headers()));
  Upload upload;
  IMDSD_TRY(upload.attributes, parse_object_attributes(context.headers()));
  IMDSD_TRY(const UploadChecksum checksum, parse_upload_checksum(context.headers()));
  upload.id = make_upload_id(context.request.now, context.random);
  upload.key = context.key();
  upload.initiated = context.request.now;
  upload.owner = context.bucket.bucket->owner;
  upload.initiator = context.request.caller.principal.arn;
  upload.checksum_algorithm = checksum.algorithm;
  upload.checksum_type = checksum.type;
  IMDSD_S3_TRY_VOID(context, context.index.create_upload(context.bucket_name(), upload));
  base::HttpResponse response =
      xml_answer(create_multipart_upload_xml(context.bucket_name(), context.key(), upload.id));
  add_write_headers(response.headers, "");
  if (checksum.algorithm) {
    response.headers.add("x-amz-checksum-algorithm", std::string(name_of(*checksum.algorithm)));
    response.headers.add("x-amz-checksum-type", std::string(name_of(checksum.type)));
  }
  return response;
}

Outcome upload_part(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const std::uint32_t number, part_number_of(context));
  IMDSD_TRY(const Upload upload, find_upload(context));
  IMDSD_TRY_VOID(check_part_claim(context, upload));
  IMDSD_TRY(Received received, receive_body(context, kMaxPartBytes, part_algorithm(upload)));
  // Clients repeat it when they complete the upload.
  const auto claimed = received.digests.claimed;
  IMDSD_TRY(const Part part, put_part(context, upload, number, std::move(received)));
  base::HttpResponse response;
  add_write_headers(response.headers, part.etag);
  const auto& told = upload.checksum_algorithm ? part.checksum : claimed;
  if (told) add_checksum_headers(response.headers, *told);
  return response;
}

Outcome upload_part_copy(Context& context) {
  IMDSD_TRY(auto source, open_copy_source(context, /*with_tags=*/false));
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const std::uint32_t number, part_number_of(context));
  IMDSD_TRY(const Upload upload, find_upload(context));
  IMDSD_TRY(const CopySource copied, copied_range(context, source));
  IMDSD_TRY(Received received, receive_copy(context, copied, part_algorithm(upload)));
  IMDSD_TRY(const Part part, put_part(context, upload, number, std::move(received)));
  base::HttpResponse response =
      xml_answer(copy_xml(CopyOf::part, part.etag, part.last_modified,
                          upload.checksum_algorithm ? part.checksum : std::nullopt));
  add_write_headers(response.headers, "");
  return response;
}

Outcome abort_multipart_upload(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const Upload upload, find_upload(context));
  IMDSD_S3_TRY_VOID(context,
                    context.store.abort_upload(context.bucket_name(), context.key(), upload.id));
  return empty_answer(204);
}

Outcome list_parts(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const ListParts asked, parse_list_parts(context.query()));
  IMDSD_TRY(const Upload upload, find_upload(context));
  IMDSD_S3_TRY(const PartPage page, context,
               context.index.list_parts(context.bucket_name(), context.key(), upload.id,
                                        asked.part_number_marker, asked.max_parts));
  return xml_answer(list_parts_xml(context.bucket_name(), upload, asked, page));
}

Outcome list_multipart_uploads(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const ListMultipartUploads asked, parse_list_multipart_uploads(context.query()));
  UploadQuery query;
  query.prefix = asked.filter.prefix;
  query.delimiter = asked.filter.delimiter;
  query.key_marker = asked.key_marker;
  if (!asked.key_marker.empty()) query.upload_id_marker = asked.upload_id_marker;
  query.max = asked.filter.max;
  IMDSD_S3_TRY(const UploadPage page, context,
               context.index.list_uploads(context.bucket_name(), query));
  return xml_answer(list_multipart_uploads_xml(context.bucket_name(), asked, page));
}

}  // namespace imdsd::s3
