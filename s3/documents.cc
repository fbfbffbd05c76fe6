// SPDX-License-Identifier: MIT
#include "s3/documents.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "s3/address.h"
#include "s3/checksum.h"
#include "s3/errors.h"
#include "s3/etag.h"
#include "s3/request_document.h"
#include "s3/tags.h"

namespace imdsd::s3 {
namespace {

constexpr std::size_t kMaxDeleted = 1000;
constexpr std::size_t kMaxParts = 10'000;

aws::S3Outcome<DeleteDocument::Object> parse_deleted(xml::Element element) {
  // Those of directory buckets, which there are none of.
  for (const auto& child : element.children()) {
    if (child.name() == "LastModifiedTime" || child.name() == "Size") {
      return tl::unexpected(not_implemented_parameter(child.name()));
    }
  }
  IMDSD_TRY_VOID(children_of(element, {"Key", "VersionId", "ETag"}));
  DeleteDocument::Object object;
  IMDSD_TRY(object.key, required_text(element, "Key"));
  if (object.key.empty()) return tl::unexpected(malformed_xml());
  if (object.key.size() > kMaxKeyBytes) return tl::unexpected(key_too_long(object.key.size()));
  IMDSD_TRY(auto version, optional_text(element, "VersionId"));
  IMDSD_TRY(const auto etag, optional_text(element, "ETag"));
  object.version_id = std::move(version).value_or("");
  object.etag = unquoted_etag(etag.value_or(""));
  return object;
}

aws::S3Outcome<std::uint32_t> parse_completed_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return tl::unexpected(malformed_xml());
  }
  if (number < 1) {
    return tl::unexpected(invalid_argument("PartNumber", text, "PartNumber must be >= 1"));
  }
  if (number > static_cast<std::int64_t>(kMaxParts)) {
    return tl::unexpected(invalid_argument(
        "PartNumber", text, "Part number must be an integer between 1 and 10000, inclusive"));
  }
  return static_cast<std::uint32_t>(number);
}

aws::S3Outcome<std::optional<Checksum>> parse_completed_checksum(xml::Element part) {
  constexpr std::array kAlgorithms{ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c,
                                   ChecksumAlgorithm::crc64nvme, ChecksumAlgorithm::sha1,
                                   ChecksumAlgorithm::sha256};
  std::optional<Checksum> found;
  for (const auto algorithm : kAlgorithms) {
    IMDSD_TRY(auto text, optional_text(part, element_of(algorithm)));
    if (!text) continue;
    if (found || !parse_checksum_value(algorithm, *text, ChecksumPlace::header)) {
      return tl::unexpected(invalid_argument(
          "Checksum", *text, "Invalid Base64 or multiple checksums present in request"));
    }
    found = Checksum{algorithm, ChecksumType::full_object, *std::move(text)};
  }
  return found;
}

aws::S3Outcome<CompletedPart> parse_completed(xml::Element element) {
  IMDSD_TRY_VOID(children_of(element, {"PartNumber", "ETag", "ChecksumCRC32", "ChecksumCRC32C",
                                       "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256"}));
  CompletedPart part;
  IMDSD_TRY(const auto number, required_text(element, "PartNumber"));
  IMDSD_TRY(part.part_number, parse_completed_number(number));
  IMDSD_TRY(const auto etag, required_text(element, "ETag"));
  part.etag = unquoted_etag(etag);
  IMDSD_TRY(part.checksum, parse_completed_checksum(element));
  return part;
}

struct OwnershipRow {
  ObjectOwnership ownership;
  std::string_view name;
};
constexpr std::array kOwnerships{
    OwnershipRow{ObjectOwnership::bucket_owner_enforced, "BucketOwnerEnforced"},
    OwnershipRow{ObjectOwnership::bucket_owner_preferred, "BucketOwnerPreferred"},
    OwnershipRow{ObjectOwnership::object_writer, "ObjectWriter"},
};

}  // namespace

aws::S3Outcome<DeleteDocument> parse_delete(std::string_view xml) {
  IMDSD_TRY(const auto document, RequestDocument::parse(xml, "Delete"));
  IMDSD_TRY(const auto children, children_of(document.root(), {"Object", "Quiet"}));
  DeleteDocument out;
  IMDSD_TRY(out.quiet, optional_bool(document.root(), "Quiet"));
  for (const auto& child : children) {
    if (child.name() != "Object") continue;
    if (out.objects.size() == kMaxDeleted) return tl::unexpected(malformed_xml());
    IMDSD_TRY(auto object, parse_deleted(child));
    out.objects.push_back(std::move(object));
  }
  if (out.objects.empty()) return tl::unexpected(malformed_xml());
  return out;
}

aws::S3Outcome<std::vector<CompletedPart>> parse_complete_multipart_upload(std::string_view xml) {
  if (xml.empty()) return tl::unexpected(invalid_request("You must specify at least one part"));
  IMDSD_TRY(const auto document, RequestDocument::parse(xml, "CompleteMultipartUpload"));
  IMDSD_TRY(const auto children, children_of(document.root(), {"Part"}));
  if (children.empty() || children.size() > kMaxParts) return tl::unexpected(malformed_xml());
  std::vector<CompletedPart> out;
  out.reserve(children.size());
  for (const auto& child : children) {
    IMDSD_TRY(auto part, parse_completed(child));
    out.push_back(std::move(part));
  }
  return out;
}

aws::S3Outcome<CreateBucketDocument> parse_create_bucket(std::string_view xml) {
  CreateBucketDocument out;
  if (xml.empty()) return out;
  IMDSD_TRY(const auto document, RequestDocument::parse(xml, "CreateBucketConfiguration"));
  // Those of directory buckets.
  for (const auto& child : document.root().children()) {
    if (child.name() == "Location" || child.name() == "Bucket") {
      return tl::unexpected(not_implemented_parameter(child.name()));
    }
  }
  IMDSD_TRY(const auto children, children_of(document.root(), {"LocationConstraint", "Tags"}));
  IMDSD_TRY(out.location_constraint, optional_text(document.root(), "LocationConstraint"));
  for (const auto& child : children) {
    if (child.name() != "Tags") continue;
    if (!out.tags.empty()) return tl::unexpected(malformed_xml());
    IMDSD_TRY(out.tags, parse_tag_set(child));
    IMDSD_TRY_VOID(check_tags(out.tags, TagOwner::bucket));
  }
  return out;
}

aws::S3Outcome<PublicAccessBlock> parse_public_access_block(std::string_view xml) {
  IMDSD_TRY(const auto document, RequestDocument::parse(xml, "PublicAccessBlockConfiguration"));
  IMDSD_TRY_VOID(children_of(document.root(), {"BlockPublicAcls", "IgnorePublicAcls",
                                               "BlockPublicPolicy", "RestrictPublicBuckets"}));
  PublicAccessBlock out;
  IMDSD_TRY(out.block_public_acls, optional_bool(document.root(), "BlockPublicAcls"));
  IMDSD_TRY(out.ignore_public_acls, optional_bool(document.root(), "IgnorePublicAcls"));
  IMDSD_TRY(out.block_public_policy, optional_bool(document.root(), "BlockPublicPolicy"));
  IMDSD_TRY(out.restrict_public_buckets, optional_bool(document.root(), "RestrictPublicBuckets"));
  return out;
}

std::string_view name_of(ObjectOwnership ownership) noexcept {
  return kOwnerships[static_cast<std::size_t>(ownership)].name;
}

std::optional<ObjectOwnership> object_ownership(std::string_view name) noexcept {
  for (const auto& row : kOwnerships) {
    if (row.name == name) return row.ownership;
  }
  return std::nullopt;
}

aws::S3Outcome<ObjectOwnership> parse_ownership_controls(std::string_view xml) {
  IMDSD_TRY(const auto document, RequestDocument::parse(xml, "OwnershipControls"));
  IMDSD_TRY(const auto rules, children_of(document.root(), {"Rule"}));
  if (rules.size() != 1) return tl::unexpected(malformed_xml());
  IMDSD_TRY_VOID(children_of(rules.front(), {"ObjectOwnership"}));
  IMDSD_TRY(const auto name, required_text(rules.front(), "ObjectOwnership"));
  const auto ownership = object_ownership(name);
  if (!ownership) return tl::unexpected(malformed_xml());
  return *ownership;
}

}  // namespace imdsd::s3
