// SPDX-License-Identifier: MIT
// What is known of an object and of a part of one. Their bytes are in files (s3/object_files.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "s3/bucket.h"

namespace imdsd::s3 {

enum class ChecksumAlgorithm { crc32, crc32c, crc64nvme, sha1, sha256 };
/// Of an upload in parts: over the checksums of the parts, or over all bytes
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html).
enum class ChecksumType { composite, full_object };

struct Checksum {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::crc64nvme;
  ChecksumType type = ChecksumType::full_object;
  std::string value;  // as in x-amz-checksum-*: base64, and `-N` behind one of N parts
  friend bool operator==(const Checksum&, const Checksum&) = default;
};

/// One file of bytes. An object that was put at once has one, without a checksum of its own.
struct Part {
  std::uint32_t number = 1;  // 1 to 10,000
  std::uint64_t size = 0;
  std::string etag;  // without quotes
  base::SystemTime last_modified;
  std::optional<Checksum> checksum;
  std::string file;  // ObjectFiles knows it by this
  friend bool operator==(const Part&, const Part&) = default;
};

/// Headers that come back as they were sent; an empty one was not sent.
struct ContentHeaders {
  std::string content_type, content_encoding, content_language, content_disposition;
  std::string cache_control, expires;
  friend bool operator==(const ContentHeaders&, const ContentHeaders&) = default;
};

/// What a client says of an object when it puts one, or begins to upload one.
struct ObjectAttributes {
  ContentHeaders headers;
  /// x-amz-meta-*: names in lower case, without that prefix.
  std::vector<std::pair<std::string, std::string>> metadata;
  Tags tags;
};

struct Object {
  std::string key;  // UTF-8
  std::uint64_t size = 0;
  std::string etag;  // without quotes
  base::SystemTime last_modified;
  std::optional<Checksum> checksum;
  std::string owner;  // the account's id
  ObjectAttributes attributes;
  /// In order of their numbers; perhaps none where the index was asked for the description alone.
  std::vector<Part> parts;
  bool multipart = false;  // it was uploaded in parts, if only in one
};

/// An upload in parts that is neither complete nor aborted.
struct Upload {
  std::string id, key;
  base::SystemTime initiated;
  std::string owner;      // the account's id
  std::string initiator;  // the principal's ARN
  ObjectAttributes attributes;
  std::optional<ChecksumAlgorithm> checksum_algorithm;
  ChecksumType checksum_type = ChecksumType::full_object;
};

}  // namespace imdsd::s3
