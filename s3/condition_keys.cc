// SPDX-License-Identifier: MIT
#include "s3/condition_keys.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "aws/query_string.h"

namespace imdsd::s3 {
namespace {

/// Headers whose keys are called as they are, behind `s3:`.
constexpr std::array<std::string_view, 10> kHeaders{
    "x-amz-acl",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-object-ownership",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    "if-match",
    "if-none-match",
};

constexpr std::array<std::string_view, 3> kListParameters{"prefix", "delimiter", "max-keys"};

void add_signature_keys(const Request& request, iam::ConditionKeys& keys) {
  if (request.signed_by == SignedBy::nobody) return;
  const bool in_query = request.signed_by == SignedBy::query;
  keys.set("s3:authType", std::string(in_query ? "REST-QUERY-STRING" : "REST-HEADER"));
  keys.set("s3:signatureversion", request.algorithm);
  if (!request.signed_at) return;
  const auto age = std::chrono::floor<std::chrono::milliseconds>(request.now - *request.signed_at);
  keys.set("s3:signatureAge", std::to_string(std::max<std::int64_t>(age.count(), 0)));
}

/// Of an operation on an object, a condition of the read or the write; of all others they are none.
/// DeleteObjects has a condition for each key, in its document.
bool is_key_of(std::string_view header, const Request& request) {
  return header.starts_with("x-amz-") || (request.operation.resource == ResourceKind::object &&
                                          request.operation.operation != Operation::delete_objects);
}

/// Does it make the object itself, or only prepare it? Nothing for all others
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html).
std::optional<bool> creates_object(Operation operation) {
  switch (operation) {
    case Operation::put_object:
    case Operation::copy_object:
    case Operation::complete_multipart_upload:
      return true;
    case Operation::create_multipart_upload:
    case Operation::upload_part:
    case Operation::upload_part_copy:
      return false;
    default:
      return std::nullopt;
  }
}

}  // namespace

void add_request_keys(const Request& request, iam::ConditionKeys& keys) {
  add_signature_keys(request, keys);
  if (!request.http.tls_version.empty()) {
    keys.set("s3:TlsVersion", std::string(request.http.tls_version));
  }
  if (const auto creates = creates_object(request.operation.operation)) {
    keys.set("s3:ObjectCreationOperation", std::string(*creates ? "true" : "false"));
  }
  for (const std::string_view header : kHeaders) {
    const auto value = request.http.headers.get(header);
    if (value && is_key_of(header, request)) {
      keys.set("s3:" + std::string(header), std::string(*value));
    }
  }
  const std::string_view query = request.http.query();
  if (request.operation.resource == ResourceKind::bucket) {
    for (const std::string_view parameter : kListParameters) {
      if (auto value = aws::query_value(query, parameter)) {
        keys.set("s3:" + std::string(parameter), *std::move(value));
      }
    }
  }
  if (auto version = aws::query_value(query, "versionId")) {
    keys.set("s3:VersionId", *std::move(version));
  }
}

void add_existing_tags(const Tags& tags, iam::ConditionKeys& keys) {
  for (const iam::Tag& tag : tags) keys.set("s3:ExistingObjectTag/" + tag.key, tag.value);
}

void add_request_tags(const Tags& tags, iam::ConditionKeys& keys) {
  if (tags.empty()) return;
  iam::ConditionKeys::Values names;
  for (const iam::Tag& tag : tags) {
    keys.set("s3:RequestObjectTag/" + tag.key, tag.value);
    names.push_back(tag.key);
  }
  keys.set("s3:RequestObjectTagKeys", std::move(names));
}

}  // namespace imdsd::s3
