// SPDX-License-Identifier: MIT
// The head of a request to S3: where it goes, which operation it is, and what its query and its
// headers ask for. Input: "METHOD TARGET\nHeader: value\n…".
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/codec.h"
#include "s3/address.h"
#include "s3/byte_range.h"
#include "s3/conditions.h"
#include "s3/list_parameters.h"
#include "s3/multipart.h"
#include "s3/object_attributes.h"
#include "s3/object_headers.h"
#include "s3/operation.h"
#include "s3/presigned_headers.h"
#include "s3/upload_body.h"

namespace {

using namespace imdsd;

base::HttpRequest request_from(std::string_view text) {
  base::HttpRequest request;
  const auto take = [&text](std::string_view end) {
    const auto at = text.find(end);
    const std::string_view piece = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
    return piece;
  };
  request.method = std::string(take(" "));
  request.target = std::string(take("\n"));
  while (!text.empty()) {
    const std::string_view line = take("\n");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    request.headers.add(std::string(line.substr(0, colon)),
                        std::string(base::trim(line.substr(colon + 1))));
  }
  return request;
}

void read_headers(const base::HttpHeaders& headers) {
  for (const auto by : {s3::SignedBy::header, s3::SignedBy::query, s3::SignedBy::nobody}) {
    const auto terms = s3::parse_upload_terms(headers, by);
    if (terms && terms->payload.is_chunked() && !terms->payload.bytes) std::abort();
  }
  (void)s3::parse_conditions(headers);
  (void)s3::parse_write_condition(headers);
  (void)s3::parse_upload_checksum(headers);
  (void)s3::parse_object_attributes(headers);
  (void)s3::parse_object_attributes_asked(headers);
  (void)s3::refuse_unsupported_headers(headers);
  if (const auto source = headers.get("x-amz-copy-source")) {
    const auto address = s3::parse_copy_source(*source);
    if (address && (address->key.empty() || address->key.size() > s3::kMaxKeyBytes)) std::abort();
  }
  if (const auto header = headers.get("Range")) {
    for (const std::uint64_t size : {0ULL, 1ULL, 100ULL}) {
      const auto range = s3::resolve_range(*header, size);
      if (range && *range && ((*range)->first > (*range)->last || (*range)->last >= size)) {
        std::abort();
      }
      (void)s3::parse_copy_source_range(*header, size);
    }
  }
}

void read_query(std::string_view query) {
  const auto listed = s3::parse_list_objects_v2(query, "bkt");
  if (listed && listed->filter.max > s3::kMaxListed) std::abort();
  (void)s3::parse_list_objects(query);
  (void)s3::parse_list_multipart_uploads(query);
  (void)s3::parse_list_parts(query);
  (void)s3::parse_list_buckets(query);
  s3::ContentHeaders overrides;
  (void)s3::apply_response_overrides(overrides, query, false);
  if (overrides.content_type.find('\n') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = request_from({reinterpret_cast<const char*>(data), size});
  const std::array<std::string, 1> domains{"localhost"};
  if (const auto address = s3::parse_address(request, domains)) {
    if (!address->bucket.empty() && !s3::is_bucket_name(address->bucket)) std::abort();
    if (address->key.size() > s3::kMaxKeyBytes) std::abort();
    if (const auto row = s3::find_operation(request, *address)) {
      (void)s3::actions_of(**row, request);
    }
  }
  if (const auto presigned = s3::with_headers_of_query(request); presigned && *presigned) {
    read_headers((*presigned)->headers);
  }
  read_query(request.query());
  read_headers(request.headers);
  return 0;
}
