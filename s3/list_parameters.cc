// SPDX-License-Identifier: MIT
#include "s3/list_parameters.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "aws/query_string.h"
#include "base/codec.h"
#include "base/digest.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

constexpr std::size_t kTokenCheckBytes = 9;
constexpr std::size_t kMaxListedBuckets = 10'000;

std::string text_of(std::string_view query, std::string_view name) {
  return aws::query_value(query, name).value_or("");
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_integer = error == std::errc() && end == text.data() + text.size();
  return is_integer ? std::optional(value) : std::nullopt;
}

aws::S3Outcome<std::size_t> parse_count(std::string_view query, std::string_view name,
                                        std::size_t otherwise) {
  const auto text = aws::query_value(query, name);
  if (!text || text->empty()) return otherwise;
  return parse_list_count(name, *text);
}

aws::S3Outcome<std::size_t> parse_max(std::string_view query, std::string_view name) {
  IMDSD_TRY(const std::size_t max, parse_count(query, name, kMaxListed));
  return std::min(max, kMaxListed);
}

aws::S3Outcome<KeyFilter> parse_filter(std::string_view query, std::string_view max_name) {
  KeyFilter filter{.prefix = text_of(query, "prefix"), .delimiter = text_of(query, "delimiter")};
  IMDSD_TRY(filter.max, parse_max(query, max_name));
  if (const auto encoding = aws::query_value(query, "encoding-type")) {
    if (*encoding != "url") {
      return tl::unexpected(invalid_argument("encoding-type", *encoding,
                                             "Invalid Encoding Method specified in Request"));
    }
    filter.encode_urls = true;
  }
  return filter;
}

std::string check_of(std::string_view scope, std::string_view next) {
  return base::sha256(std::string(scope) + '\0' + std::string(next)).substr(0, kTokenCheckBytes);
}

aws::S3Outcome<std::string> open_token(std::string_view token, std::string_view scope) {
  if (const auto text = base::base64_decode(token); text && text->size() > kTokenCheckBytes) {
    std::string next = text->substr(kTokenCheckBytes);
    if (text->substr(0, kTokenCheckBytes) == check_of(scope, next)) return next;
  }
  return tl::unexpected(aws::S3Error{400,
                                     "InvalidArgument",
                                     "The continuation token provided is incorrect",
                                     {{"ArgumentName", "continuation-token"}}});
}

}  // namespace

aws::S3Outcome<std::size_t> parse_list_count(std::string_view name, std::string_view text) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  const auto value = parse_integer(text);
  if (!value || *value > kMax || *value < -kMax - 1) {
    return tl::unexpected(invalid_argument(
        name, text, "Provided " + std::string(name) + " not an integer or within integer range"));
  }
  if (*value < 0) {
    return tl::unexpected(invalid_argument(
        name, text,
        "Argument " + std::string(name) + " must be an integer between 0 and 2147483647"));
  }
  return static_cast<std::size_t>(*value);
}

std::string continuation_token(std::string_view scope, std::string_view next) {
  return base::base64_encode(check_of(scope, next) + std::string(next));
}

aws::S3Outcome<ListObjectsV2> parse_list_objects_v2(std::string_view query,
                                                    std::string_view bucket) {
  ListObjectsV2 out;
  IMDSD_TRY(out.filter, parse_filter(query, "max-keys"));
  out.start_after = text_of(query, "start-after");
  out.fetch_owner = base::equals_ignoring_case(text_of(query, "fetch-owner"), "true");
  out.continuation_token = aws::query_value(query, "continuation-token");
  if (out.continuation_token) {
    IMDSD_TRY(out.continue_from, open_token(*out.continuation_token, bucket));
  }
  return out;
}

aws::S3Outcome<ListObjects> parse_list_objects(std::string_view query) {
  ListObjects out;
  IMDSD_TRY(out.filter, parse_filter(query, "max-keys"));
  out.marker = text_of(query, "marker");
  return out;
}

aws::S3Outcome<ListMultipartUploads> parse_list_multipart_uploads(std::string_view query) {
  ListMultipartUploads out;
  IMDSD_TRY(out.filter, parse_filter(query, "max-uploads"));
  out.key_marker = text_of(query, "key-marker");
  if (!out.key_marker.empty()) out.upload_id_marker = text_of(query, "upload-id-marker");
  return out;
}

aws::S3Outcome<ListParts> parse_list_parts(std::string_view query) {
  ListParts out;
  out.upload_id = text_of(query, "uploadId");
  IMDSD_TRY(out.max_parts, parse_max(query, "max-parts"));
  IMDSD_TRY(const std::size_t marker, parse_count(query, "part-number-marker", 0));
  out.part_number_marker = static_cast<std::uint32_t>(marker);
  return out;
}

aws::S3Outcome<ListBuckets> parse_list_buckets(std::string_view query) {
  ListBuckets out;
  if (const auto text = aws::query_value(query, "max-buckets")) {
    const auto max = parse_integer(*text);
    if (!max || *max < 1 || *max > static_cast<std::int64_t>(kMaxListedBuckets)) {
      return tl::unexpected(invalid_argument(
          "max-buckets", *text, "Argument max-buckets must be an integer between 1 and 10000"));
    }
    out.max_buckets = static_cast<std::size_t>(*max);
  }
  out.prefix = text_of(query, "prefix");
  out.region = text_of(query, "bucket-region");
  if (const auto token = aws::query_value(query, "continuation-token")) {
    IMDSD_TRY(out.continue_after, open_token(*token, ""));
  }
  return out;
}

}  // namespace imdsd::s3
