// SPDX-License-Identifier: MIT
#include "s3/object_headers.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "aws/query_string.h"
#include "base/codec.h"
#include "base/http_date.h"
#include "s3/checksum.h"
#include "s3/errors.h"
#include "s3/etag.h"
#include "s3/tags.h"

namespace imdsd::s3 {
namespace {

using aws::S3Error;

constexpr std::string_view kMetadataPrefix = "x-amz-meta-";
constexpr std::size_t kMaxMetadataBytes = 2048;
constexpr std::string_view kEncryption = "x-amz-server-side-encryption";

struct ContentRow {
  std::string_view name, override_name;
  std::string ContentHeaders::*value;
};
const std::array<ContentRow, 6>& content_rows() {
  static const std::array<ContentRow, 6> rows{{
      {"Cache-Control", "response-cache-control", &ContentHeaders::cache_control},
      {"Content-Disposition", "response-content-disposition", &ContentHeaders::content_disposition},
      {"Content-Encoding", "response-content-encoding", &ContentHeaders::content_encoding},
      {"Content-Language", "response-content-language", &ContentHeaders::content_language},
      {"Content-Type", "response-content-type", &ContentHeaders::content_type},
      {"Expires", "response-expires", &ContentHeaders::expires},
  }};
  return rows;
}

/// Without aws-chunked, which says how the body was sent.
std::string stored_encoding(std::string_view codings) {
  std::string out;
  while (!codings.empty()) {
    const std::size_t comma = codings.find(',');
    const std::string_view coding = base::trim(codings.substr(0, comma));
    codings.remove_prefix(comma == std::string_view::npos ? codings.size() : comma + 1);
    if (coding.empty() || base::equals_ignoring_case(coding, "aws-chunked")) continue;
    if (!out.empty()) out += ',';
    out.append(coding);
  }
  return out;
}

using Metadata = std::vector<std::pair<std::string, std::string>>;

aws::S3Outcome<Metadata> parse_metadata(const base::HttpHeaders& headers) {
  Metadata out;
  for (const auto& line : headers.lines()) {
    std::string name = base::to_lower(line.name);
    if (!name.starts_with(kMetadataPrefix)) continue;
    name.erase(0, kMetadataPrefix.size());
    const auto is_same = [&](const auto& other) { return other.first == name; };
    const auto found = std::find_if(out.begin(), out.end(), is_same);
    if (found == out.end()) {
      out.emplace_back(std::move(name), line.value);
    } else {
      found->second.append(",").append(line.value);
    }
  }
  std::sort(out.begin(), out.end());
  std::size_t bytes = 0;
  for (const auto& [name, value] : out) bytes += name.size() + value.size();
  if (bytes <= kMaxMetadataBytes) return out;
  return tl::unexpected(S3Error{
      400,
      "MetadataTooLarge",
      "Your metadata headers exceed the maximum allowed metadata size",
      {{"Size", std::to_string(bytes)}, {"MaxSizeAllowed", std::to_string(kMaxMetadataBytes)}}});
}

aws::S3Outcome<void> check_storage_class(std::string_view name) {
  constexpr std::array<std::string_view, 10> kOthers{
      "REDUCED_REDUNDANCY",  "STANDARD_IA", "ONEZONE_IA",
      "INTELLIGENT_TIERING", "GLACIER",     "DEEP_ARCHIVE",
      "GLACIER_IR",          "OUTPOSTS",    "SNOW",
      "EXPRESS_ONEZONE"};
  if (name == "STANDARD") return {};
  if (std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end()) {
    return tl::unexpected(not_implemented_header("x-amz-storage-class"));
  }
  return tl::unexpected(S3Error{400,
                                "InvalidStorageClass",
                                "The storage class you specified is not valid",
                                {{"StorageClassRequested", std::string(name)}}});
}

aws::S3Outcome<void> check_encryption(std::string_view name) {
  if (name == "AES256") return {};
  if (name.starts_with("aws:")) return tl::unexpected(not_implemented_header(kEncryption));
  return tl::unexpected(
      invalid_argument(kEncryption, name, "The encryption method specified is not supported"));
}

/// Of a bucket whose ownership is BucketOwnerEnforced, as that of new ones is
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
aws::S3Outcome<void> check_acl(std::string_view name, AclOn target) {
  if (name == "bucket-owner-full-control" || (target == AclOn::bucket && name == "private")) {
    return {};
  }
  return tl::unexpected(acl_not_supported(target));
}

bool is_not_implemented(std::string_view name) {
  constexpr std::array<std::string_view, 6> kStarts{
      "x-amz-server-side-encryption-",
      "x-amz-copy-source-server-side-encryption-",
      "x-amz-object-lock-",
      "x-amz-website-redirect-location",
      "x-amz-write-offset-bytes",
      "x-amz-bypass-governance-retention",
  };
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [name](std::string_view start) { return name.starts_with(start); });
}

aws::S3Outcome<void> check_header(const std::string& name, std::string_view value, AclOn target) {
  if (name == "x-amz-storage-class") return check_storage_class(value);
  if (name == kEncryption) return check_encryption(value);
  if (name == "x-amz-acl") return check_acl(value, target);
  if (name.starts_with("x-amz-grant-")) return tl::unexpected(acl_not_supported(target));
  const bool wants_lock =
      name == "x-amz-bucket-object-lock-enabled" && base::equals_ignoring_case(value, "true");
  if (wants_lock || is_not_implemented(name)) return tl::unexpected(not_implemented_header(name));
  return {};
}

}  // namespace

aws::S3Outcome<ObjectAttributes> parse_object_attributes(const base::HttpHeaders& headers) {
  ObjectAttributes out;
  for (const auto& row : content_rows()) {
    out.headers.*row.value = std::string(headers.get(row.name).value_or(""));
  }
  out.headers.content_encoding = stored_encoding(out.headers.content_encoding);
  IMDSD_TRY(out.metadata, parse_metadata(headers));
  if (const auto tagging = headers.get("x-amz-tagging")) {
    IMDSD_TRY(out.tags, parse_tagging_header(*tagging));
  }
  return out;
}

aws::S3Error acl_not_supported(AclOn target) {
  if (target == AclOn::object) {
    return {400, "AccessControlListNotSupported", "The bucket does not allow ACLs"};
  }
  return {400, "InvalidBucketAclWithObjectOwnership",
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"};
}

aws::S3Outcome<void> refuse_unsupported_headers(const base::HttpHeaders& headers, AclOn target) {
  for (const auto& line : headers.lines()) {
    IMDSD_TRY_VOID(check_header(base::to_lower(line.name), line.value, target));
  }
  return {};
}

void add_object_headers(base::HttpHeaders& out, const Object& object,
                        const base::HttpRequest& request) {
  out.add("Last-Modified", base::format_http_date(object.last_modified));
  out.add("ETag", quoted_etag(object.etag));
  out.add("Accept-Ranges", "bytes");
  out.add(std::string(kEncryption), "AES256");
  for (const auto& row : content_rows()) {
    const std::string& value = object.attributes.headers.*row.value;
    if (!value.empty()) {
      out.add(std::string(row.name), value);
    } else if (row.value == &ContentHeaders::content_type) {
      out.add(std::string(row.name), "binary/octet-stream");
    }
  }
  for (const auto& [name, value] : object.attributes.metadata) {
    out.add(std::string(kMetadataPrefix) + name, value);
  }
  if (!object.attributes.tags.empty()) {
    out.add("x-amz-tagging-count", std::to_string(object.attributes.tags.size()));
  }
  const auto mode = request.headers.get("x-amz-checksum-mode");
  const bool is_asked = mode && base::equals_ignoring_case(*mode, "ENABLED");
  if (object.checksum && is_asked && !request.headers.has("Range")) {
    add_checksum_headers(out, *object.checksum);
  }
}

aws::S3Outcome<void> apply_response_overrides(ContentHeaders& headers, std::string_view query,
                                              bool anonymous) {
  for (const auto& row : content_rows()) {
    auto value = aws::query_value(query, row.override_name);
    if (!value) continue;
    if (anonymous) {
      return tl::unexpected(
          invalid_request("Request specific response headers cannot be used for anonymous GET "
                          "requests."));
    }
    const auto breaks_line = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (std::any_of(value->begin(), value->end(), breaks_line)) {
      return tl::unexpected(invalid_argument(
          row.override_name, *value, "Header value cannot be represented using ISO-8859-1."));
    }
    headers.*row.value = *std::move(value);
  }
  return {};
}

void add_checksum_headers(base::HttpHeaders& out, const Checksum& checksum) {
  out.add(std::string(header_of(checksum.algorithm)), checksum.value);
  out.add("x-amz-checksum-type", std::string(name_of(checksum.type)));
}

}  // namespace imdsd::s3
