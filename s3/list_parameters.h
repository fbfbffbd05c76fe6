// SPDX-License-Identifier: MIT
// The query parameters of lists. Numbers over 1,000 count as 1,000; tokens are opaque, and those
// that were not made for the same list are refused. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/s3_error.h"

namespace imdsd::s3 {

inline constexpr std::size_t kMaxListed = 1000;

/// Of all lists of keys: ListObjects, ListObjectsV2, ListMultipartUploads.
struct KeyFilter {
  std::string prefix = {};
  std::string delimiter = {};    // empty: none
  std::size_t max = kMaxListed;  // max-keys, max-uploads; 0 lists nothing
  bool encode_urls = false;      // encoding-type=url
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
struct ListObjectsV2 {
  KeyFilter filter = {};
  std::string start_after = {};
  std::optional<std::string> continuation_token = {};  // as sent
  std::string continue_from =
      {};  // ObjectPage::next that the token stands for; counts before start_after
  bool fetch_owner = false;
};
/// `bucket` must be that of the token. InvalidArgument.
[[nodiscard]] aws::S3Outcome<ListObjectsV2> parse_list_objects_v2(std::string_view query,
                                                                  std::string_view bucket);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
struct ListObjects {
  KeyFilter filter = {};
  std::string marker = {};
};
[[nodiscard]] aws::S3Outcome<ListObjects> parse_list_objects(std::string_view query);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
struct ListMultipartUploads {
  KeyFilter filter = {};
  std::string key_marker = {};
  std::string upload_id_marker = {};  // ignored without a key marker
};
[[nodiscard]] aws::S3Outcome<ListMultipartUploads> parse_list_multipart_uploads(
    std::string_view query);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
struct ListParts {
  std::string upload_id = {};
  std::size_t max_parts = kMaxListed;
  std::uint32_t part_number_marker = 0;
};
[[nodiscard]] aws::S3Outcome<ListParts> parse_list_parts(std::string_view query);

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
struct ListBuckets {
  std::optional<std::size_t> max_buckets = {};  // 1 to 10,000; nothing: all of them, unpaged
  std::string prefix = {};
  std::string region = {};  // bucket-region; empty: of all
  std::string continue_after = {};
};
[[nodiscard]] aws::S3Outcome<ListBuckets> parse_list_buckets(std::string_view query);

/// One number of a list: an int32 of the service, not negative. InvalidArgument with `name`.
[[nodiscard]] aws::S3Outcome<std::size_t> parse_list_count(std::string_view name,
                                                           std::string_view text);

/// `scope`: the bucket, or empty for the list of buckets; `next`: where the next page begins.
[[nodiscard]] std::string continuation_token(std::string_view scope, std::string_view next);

}  // namespace imdsd::s3
