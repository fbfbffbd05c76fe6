// SPDX-License-Identifier: MIT
// What is asked of a list, and a page of it. Keys are in the order of their UTF-8 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "s3/object.h"

namespace imdsd::s3 {

/// ListObjects, ListObjectsV2. Keys with the same text between `prefix` and the next `delimiter`
/// make one common prefix, which ends in the delimiter.
struct ObjectQuery {
  std::string prefix = {}, delimiter = {};  // empty: none
  /// Where the page begins: behind the key `after` (start-after, marker) and not before the key
  /// `from` (ObjectPage::next of the page before). Both empty: at the first key.
  std::string after = {}, from = {};
  /// ListObjects goes on behind the common prefix that its marker is in; ListObjectsV2 tells the
  /// prefix again when there are keys of it behind start-after.
  bool past_prefix_of_after = false;
  std::size_t max = 1000;  // keys and common prefixes together; 0 gives an empty page, the last
};

struct ListedObject {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;  // without quotes
  base::SystemTime last_modified;
  std::optional<Checksum> checksum;
  std::string owner;
};

struct ObjectPage {
  std::vector<ListedObject> objects;
  std::vector<std::string> common_prefixes;
  /// The first key that has no place on this page; nothing behind the last page.
  std::optional<std::string> next;
};

/// ListMultipartUploads: by key, and those of one key by the time they began.
struct UploadQuery {
  std::string prefix = {}, delimiter = {};
  /// Behind all uploads of `key_marker`; with `upload_id_marker`, behind that one of them.
  std::string key_marker = {}, upload_id_marker = {};
  std::size_t max = 1000;
};

struct UploadPage {
  std::vector<Upload> uploads;
  std::vector<std::string> common_prefixes;
  bool truncated = false;
  /// The last that the page tells; the upload's id is empty behind a common prefix.
  std::string next_key_marker, next_upload_id_marker;
};

struct PartPage {
  std::vector<Part> parts;
  bool truncated = false;
};

struct BucketQuery {
  std::string owner = {};               // the account's id
  std::string prefix = {}, after = {};  // of names; empty: all
  std::string region = {};              // empty: all
  std::size_t max = 10000;
};

struct BucketPage {
  std::vector<Bucket> buckets;  // by name
  bool truncated = false;
};

}  // namespace imdsd::s3
