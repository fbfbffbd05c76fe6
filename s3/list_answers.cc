// SPDX-License-Identifier: MIT
#include <algorithm>

#include "base/codec.h"
#include "base/xml_writer.h"
#include "s3/answer_writer.h"
#include "s3/answers.h"
#include "s3/checksum.h"
#include "s3/etag.h"

namespace imdsd::s3 {
namespace {

using base::XmlWriter;

/// encoding-type=url: as a form is encoded, with slashes as they are.
class Encoder {
 public:
  explicit Encoder(bool encodes) : encodes_(encodes) {}
  [[nodiscard]] std::string operator()(std::string_view text) const {
    if (!encodes_) return std::string(text);
    std::string out;
    for (;;) {
      const std::size_t space = text.find(' ');
      out += base::percent_encode(text.substr(0, space), true);
      if (space == std::string_view::npos) return out;
      out += '+';
      text.remove_prefix(space + 1);
    }
  }

 private:
  bool encodes_;
};

std::string_view bool_text(bool value) {
  return value ? "true" : "false";
}

void add_filter_end(XmlWriter& xml, const KeyFilter& filter, std::string_view max_name,
                    bool truncated) {
  xml.leaf(max_name, std::to_string(filter.max));
  if (!filter.delimiter.empty()) {
    xml.leaf("Delimiter", Encoder(filter.encode_urls)(filter.delimiter));
  }
  if (filter.encode_urls) xml.leaf("EncodingType", "url");
  xml.leaf("IsTruncated", bool_text(truncated));
}

void add_owner(XmlWriter& xml, std::string_view account) {
  xml.open("Owner").leaf("ID", canonical_user_id(account)).close();
}

void add_objects(XmlWriter& xml, const ObjectPage& page, const Encoder& encode, bool with_owner) {
  std::string account, owner_id;  // as a rule one for all
  for (const auto& object : page.objects) {
    xml.open("Contents").leaf("Key", encode(object.key));
    xml.leaf("LastModified", s3_time(object.last_modified));
    xml.leaf("ETag", quoted_etag(object.etag));
    if (object.checksum) {
      xml.leaf("ChecksumAlgorithm", name_of(object.checksum->algorithm));
      xml.leaf("ChecksumType", name_of(object.checksum->type));
    }
    xml.leaf("Size", std::to_string(object.size));
    if (with_owner) {
      if (account != object.owner) owner_id = canonical_user_id(account = object.owner);
      xml.open("Owner").leaf("ID", owner_id).close();
    }
    xml.leaf("StorageClass", "STANDARD").close();
  }
}

void add_prefixes(XmlWriter& xml, const std::vector<std::string>& prefixes, const Encoder& encode) {
  for (const auto& prefix : prefixes) {
    xml.open("CommonPrefixes").leaf("Prefix", encode(prefix)).close();
  }
}

/// The last key or common prefix of the page, whichever is behind the other.
std::string last_of(const ObjectPage& page) {
  const std::string key = page.objects.empty() ? "" : page.objects.back().key;
  return page.common_prefixes.empty() ? key : std::max(key, page.common_prefixes.back());
}

void add_upload_people(XmlWriter& xml, const Upload& upload) {
  xml.open("Initiator").leaf("ID", upload.initiator).close();
  add_owner(xml, upload.owner);
  xml.leaf("StorageClass", "STANDARD");
}

void add_upload_checksum(XmlWriter& xml, const Upload& upload) {
  if (!upload.checksum_algorithm) return;
  xml.leaf("ChecksumAlgorithm", name_of(*upload.checksum_algorithm));
  xml.leaf("ChecksumType", name_of(upload.checksum_type));
}

}  // namespace

std::string list_buckets_xml(const ListBuckets& asked, const BucketPage& page,
                             std::string_view owner_id) {
  XmlWriter xml(XmlWriter::Layout::one_line);
  xml.open("ListAllMyBucketsResult", kNamespace);
  xml.open("Owner").leaf("ID", owner_id).close();
  xml.open("Buckets");
  const bool is_paged = asked.max_buckets || !asked.region.empty() || !asked.prefix.empty();
  for (const auto& bucket : page.buckets) {
    xml.open("Bucket").leaf("Name", bucket.name);
    xml.leaf("CreationDate", s3_time(bucket.created));
    if (is_paged) xml.leaf("BucketRegion", bucket.region);
    xml.close();
  }
  xml.close();
  if (page.truncated && !page.buckets.empty()) {
    xml.leaf("ContinuationToken", continuation_token("", page.buckets.back().name));
  }
  if (!asked.prefix.empty()) xml.leaf("Prefix", asked.prefix);
  return xml.close().take();
}

std::string list_objects_v2_xml(std::string_view bucket, const ListObjectsV2& asked,
                                const ObjectPage& page) {
  const Encoder encode(asked.filter.encode_urls);
  XmlWriter xml(XmlWriter::Layout::one_line);
  xml.open("ListBucketResult", kNamespace).leaf("Name", bucket);
  xml.leaf("Prefix", encode(asked.filter.prefix));
  if (!asked.start_after.empty()) xml.leaf("StartAfter", encode(asked.start_after));
  if (asked.continuation_token) xml.leaf("ContinuationToken", *asked.continuation_token);
  if (page.next) xml.leaf("NextContinuationToken", continuation_token(bucket, *page.next));
  xml.leaf("KeyCount", std::to_string(page.objects.size() + page.common_prefixes.size()));
  add_filter_end(xml, asked.filter, "MaxKeys", page.next.has_value());
  add_objects(xml, page, encode, asked.fetch_owner);
  add_prefixes(xml, page.common_prefixes, encode);
  return xml.close().take();
}

std::string list_objects_xml(std::string_view bucket, const ListObjects& asked,
                             const ObjectPage& page) {
  const Encoder encode(asked.filter.encode_urls);
  XmlWriter xml(XmlWriter::Layout::one_line);
  xml.open("ListBucketResult", kNamespace).leaf("Name", bucket);
  xml.leaf("Prefix", encode(asked.filter.prefix)).leaf("Marker", encode(asked.marker));
  // Without a delimiter clients go on behind the last key.
  if (page.next && !asked.filter.delimiter.empty()) xml.leaf("NextMarker", encode(last_of(page)));
  add_filter_end(xml, asked.filter, "MaxKeys", page.next.has_value());
  add_objects(xml, page, encode, true);
  add_prefixes(xml, page.common_prefixes, encode);
  return xml.close().take();
}

std::string list_multipart_uploads_xml(std::string_view bucket, const ListMultipartUploads& asked,
                                       const UploadPage& page) {
  const Encoder encode(asked.filter.encode_urls);
  XmlWriter xml(XmlWriter::Layout::one_line);
  xml.open("ListMultipartUploadsResult", kNamespace).leaf("Bucket", bucket);
  xml.leaf("KeyMarker", encode(asked.key_marker)).leaf("UploadIdMarker", asked.upload_id_marker);
  if (page.truncated) {
    xml.leaf("NextKeyMarker", encode(page.next_key_marker));
    xml.leaf("NextUploadIdMarker", page.next_upload_id_marker);
  }
  if (!asked.filter.prefix.empty()) xml.leaf("Prefix", encode(asked.filter.prefix));
  add_filter_end(xml, asked.filter, "MaxUploads", page.truncated);
  for (const auto& upload : page.uploads) {
    xml.open("Upload").leaf("Key", encode(upload.key)).leaf("UploadId", upload.id);
    add_upload_people(xml, upload);
    xml.leaf("Initiated", s3_time(upload.initiated));
    add_upload_checksum(xml, upload);
    xml.close();
  }
  add_prefixes(xml, page.common_prefixes, encode);
  return xml.close().take();
}

std::string list_parts_xml(std::string_view bucket, const Upload& upload, const ListParts& asked,
                           const PartPage& page) {
  XmlWriter xml(XmlWriter::Layout::one_line);
  xml.open("ListPartsResult", kNamespace).leaf("Bucket", bucket).leaf("Key", upload.key);
  xml.leaf("UploadId", upload.id);
  add_upload_people(xml, upload);
  add_upload_checksum(xml, upload);
  xml.leaf("PartNumberMarker", std::to_string(asked.part_number_marker));
  xml.leaf("NextPartNumberMarker",
           std::to_string(page.parts.empty() ? 0 : page.parts.back().number));
  xml.leaf("MaxParts", std::to_string(asked.max_parts));
  xml.leaf("IsTruncated", bool_text(page.truncated));
  for (const auto& part : page.parts) {
    xml.open("Part").leaf("PartNumber", std::to_string(part.number));
    xml.leaf("LastModified", s3_time(part.last_modified)).leaf("ETag", quoted_etag(part.etag));
    xml.leaf("Size", std::to_string(part.size));
    if (part.checksum) xml.leaf(element_of(part.checksum->algorithm), part.checksum->value);
    xml.close();
  }
  return xml.close().take();
}

}  // namespace imdsd::s3
