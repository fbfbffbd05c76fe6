// SPDX-License-Identifier: MIT
#include "s3/answers.h"

#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"
#include "base/xml_writer.h"
#include "s3/answer_writer.h"
#include "s3/checksum.h"
#include "s3/documents.h"
#include "s3/etag.h"

namespace imdsd::s3 {

std::string canonical_user_id(std::string_view account_id) {
  return base::hex_encode(base::sha256("canonical user of account " + std::string(account_id)));
}

std::string s3_time(base::SystemTime time) {
  std::string out = aws::format_iso8601(time);
  out.replace(out.size() - 1, 1, ".000Z");
  return out;
}

void add_checksum(base::XmlWriter& xml, const std::optional<Checksum>& checksum) {
  if (!checksum) return;
  xml.leaf(element_of(checksum->algorithm), checksum->value);
  xml.leaf("ChecksumType", name_of(checksum->type));
}

std::string create_multipart_upload_xml(std::string_view bucket, std::string_view key,
                                        std::string_view upload_id) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("InitiateMultipartUploadResult", kNamespace);
  xml.leaf("Bucket", bucket).leaf("Key", key).leaf("UploadId", upload_id);
  return xml.close().take();
}

std::string complete_multipart_upload_xml(std::string_view location, std::string_view bucket,
                                          std::string_view key, std::string_view etag,
                                          const std::optional<Checksum>& checksum) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("CompleteMultipartUploadResult", kNamespace);
  xml.leaf("Location", location).leaf("Bucket", bucket).leaf("Key", key);
  xml.leaf("ETag", quoted_etag(etag));
  add_checksum(xml, checksum);
  return xml.close().take();
}

std::string copy_xml(CopyOf what, std::string_view etag, base::SystemTime last_modified,
                     const std::optional<Checksum>& checksum) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open(what == CopyOf::part ? "CopyPartResult" : "CopyObjectResult", kNamespace);
  xml.leaf("LastModified", s3_time(last_modified)).leaf("ETag", quoted_etag(etag));
  // That of a part has no type.
  if (checksum && what == CopyOf::part) {
    xml.leaf(element_of(checksum->algorithm), checksum->value);
  } else {
    add_checksum(xml, checksum);
  }
  return xml.close().take();
}

std::string delete_result_xml(const std::vector<DeletedKey>& keys, bool quiet) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("DeleteResult", kNamespace);
  for (const auto& [key, error] : keys) {
    if (error) {
      xml.open("Error").leaf("Key", key).leaf("Code", error->code);
      xml.leaf("Message", error->message).close();
    } else if (!quiet) {
      xml.open("Deleted").leaf("Key", key).close();
    }
  }
  return xml.close().take();
}

std::string location_xml(std::string_view region) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"";
  out.append(kNamespace).append("\">");
  if (region != "us-east-1") out.append(base::xml_escape(region));
  return out.append("</LocationConstraint>");
}

std::string tagging_xml(const Tags& tags) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("Tagging", kNamespace).open("TagSet");
  for (const auto& tag : tags)
    xml.open("Tag").leaf("Key", tag.key).leaf("Value", tag.value).close();
  return xml.close().close().take();
}

std::string policy_status_xml(bool is_public) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("PolicyStatus", kNamespace).leaf("IsPublic", is_public ? "true" : "false");
  return xml.close().take();
}

std::string public_access_block_xml(const PublicAccessBlock& block) {
  const auto text = [](bool value) { return value ? "true" : "false"; };
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("PublicAccessBlockConfiguration", kNamespace);
  xml.leaf("BlockPublicAcls", text(block.block_public_acls));
  xml.leaf("IgnorePublicAcls", text(block.ignore_public_acls));
  xml.leaf("BlockPublicPolicy", text(block.block_public_policy));
  xml.leaf("RestrictPublicBuckets", text(block.restrict_public_buckets));
  return xml.close().take();
}

std::string ownership_controls_xml(ObjectOwnership ownership) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("OwnershipControls", kNamespace).open("Rule");
  xml.leaf("ObjectOwnership", name_of(ownership));
  return xml.close().close().take();
}

std::string versioning_xml() {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  return xml.open("VersioningConfiguration", kNamespace).close().take();
}

std::string encryption_xml() {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("ServerSideEncryptionConfiguration", kNamespace).open("Rule");
  xml.open("ApplyServerSideEncryptionByDefault").leaf("SSEAlgorithm", "AES256").close();
  xml.leaf("BucketKeyEnabled", "false");
  return xml.close().close().take();
}

std::string private_acl_xml(std::string_view owner_id) {
  const std::string id = "<ID>" + base::xml_escape(owner_id) + "</ID>";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AccessControlPolicy xmlns=\"" +
         std::string(kNamespace) + "\"><Owner>" + id +
         "</Owner><AccessControlList><Grant>"
         "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "xsi:type=\"CanonicalUser\">" +
         id +
         "</Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList>"
         "</AccessControlPolicy>";
}

}  // namespace imdsd::s3
