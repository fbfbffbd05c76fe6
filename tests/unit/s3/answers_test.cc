// SPDX-License-Identifier: MIT
#include "s3/answers.h"

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "s3/checksum.h"

namespace imdsd::s3 {
namespace {

using namespace std::chrono_literals;

const base::SystemTime kTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 26} + 9h + 50min +
                             1s + 999ms};
const std::string kAccount = "123456789012";

/// Declaration and root around what is expected.
std::string document(const std::string& root, const std::string& inside) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root +
         " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + inside + "</" + root + ">";
}

std::string owner() {
  return "<Owner><ID>" + canonical_user_id(kAccount) + "</ID></Owner>";
}

ListedObject listed(std::string key) {
  ListedObject object;
  object.key = std::move(key);
  object.size = 5;
  object.etag = "e";
  object.last_modified = kTime;
  object.checksum = Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "NhCmhg=="};
  object.owner = kAccount;
  return object;
}

TEST(CanonicalUserId, Is64DigitsOfTheAccount) {
  const std::string id = canonical_user_id(kAccount);
  EXPECT_EQ(id.size(), 64U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(id, canonical_user_id(kAccount));
  EXPECT_NE(id, canonical_user_id("123456789013"));
}

TEST(ListBucketsXml, HasRegionsOnlyInItsPagedForm) {
  Bucket bucket;
  bucket.name = "bkt";
  bucket.region = "eu-west-1";
  bucket.created = kTime;
  EXPECT_EQ(list_buckets_xml({}, {{bucket}, false}, "id"),
            document("ListAllMyBucketsResult",
                     "<Owner><ID>id</ID></Owner><Buckets><Bucket><Name>bkt</Name>"
                     "<CreationDate>2026-11-26T09:50:01.000Z</CreationDate></Bucket></Buckets>"));
  EXPECT_EQ(
      list_buckets_xml({.max_buckets = 1, .prefix = "b"}, {{bucket}, true}, "id"),
      document("ListAllMyBucketsResult",
               "<Owner><ID>id</ID></Owner><Buckets><Bucket><Name>bkt</Name>"
               "<CreationDate>2026-11-26T09:50:01.000Z</CreationDate>"
               "<BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets><ContinuationToken>" +
                   continuation_token("", "bkt") + "</ContinuationToken><Prefix>b</Prefix>"));
}

TEST(ListObjectsV2Xml, CountsKeysAndPrefixes) {
  const ObjectPage page{{listed("a b&c")}, {"d/"}, std::nullopt};
  EXPECT_EQ(list_objects_v2_xml("bkt", {.filter = {.delimiter = "/"}}, page),
            document("ListBucketResult",
                     "<Name>bkt</Name><Prefix/><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>"
                     "<Delimiter>/</Delimiter><IsTruncated>false</IsTruncated>"
                     "<Contents><Key>a b&amp;c</Key>"
                     "<LastModified>2026-11-26T09:50:01.000Z</LastModified>"
                     "<ETag>&quot;e&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                     "<ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size>"
                     "<StorageClass>STANDARD</StorageClass></Contents>"
                     "<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>"));
}

TEST(ListObjectsV2Xml, EncodesAndGoesOn) {
  ListedObject plain = listed("a +\xC3\xBC/x");
  plain.checksum.reset();
  const ObjectPage page{{plain}, {}, "next"};
  ListObjectsV2 asked;
  asked.filter = {.prefix = "a ", .max = 1, .encode_urls = true};
  asked.start_after = "a";
  asked.continuation_token = "before";
  asked.fetch_owner = true;
  EXPECT_EQ(list_objects_v2_xml("bkt", asked, page),
            document("ListBucketResult",
                     "<Name>bkt</Name><Prefix>a+</Prefix><StartAfter>a</StartAfter>"
                     "<ContinuationToken>before</ContinuationToken><NextContinuationToken>" +
                         continuation_token("bkt", "next") +
                         "</NextContinuationToken><KeyCount>1</KeyCount><MaxKeys>1</MaxKeys>"
                         "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
                         "<Contents><Key>a+%2B%C3%BC/x</Key>"
                         "<LastModified>2026-11-26T09:50:01.000Z</LastModified>"
                         "<ETag>&quot;e&quot;</ETag><Size>5</Size>" +
                         owner() + "<StorageClass>STANDARD</StorageClass></Contents>"));
}

TEST(ListObjectsXml, TellsTheNextMarkerWithADelimiterOnly) {
  const ObjectPage page{{listed("a")}, {"b/"}, "c"};
  const auto marker = [&](std::string delimiter) {
    const std::string xml =
        list_objects_xml("bkt", {.filter = {.delimiter = std::move(delimiter)}}, page);
    EXPECT_NE(xml.find("<IsTruncated>true</IsTruncated>"), std::string::npos);
    EXPECT_NE(xml.find(owner()), std::string::npos);
    const auto at = xml.find("<NextMarker>");
    return at == std::string::npos ? "none" : xml.substr(at + 12, xml.find("</", at) - at - 12);
  };
  EXPECT_EQ(marker("/"), "b/");
  EXPECT_EQ(marker(""), "none");
}

TEST(ListMultipartUploadsXml, ShowsUploads) {
  Upload upload;
  upload.id = "u";
  upload.key = "k";
  upload.initiated = kTime;
  upload.owner = kAccount;
  upload.initiator = "arn:aws:iam::123456789012:user/ann";
  upload.checksum_algorithm = ChecksumAlgorithm::sha256;
  upload.checksum_type = ChecksumType::composite;
  const UploadPage page{{upload}, {"p/"}, true, "k", "u"};
  EXPECT_EQ(list_multipart_uploads_xml("bkt", {.filter = {.max = 1}}, page),
            document("ListMultipartUploadsResult",
                     "<Bucket>bkt</Bucket><KeyMarker/><UploadIdMarker/>"
                     "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>"
                     "<MaxUploads>1</MaxUploads><IsTruncated>true</IsTruncated><Upload><Key>k</Key>"
                     "<UploadId>u</UploadId><Initiator><ID>arn:aws:iam::123456789012:user/ann</ID>"
                     "</Initiator>" +
                         owner() +
                         "<StorageClass>STANDARD</StorageClass>"
                         "<Initiated>2026-11-26T09:50:01.000Z</Initiated>"
                         "<ChecksumAlgorithm>SHA256</ChecksumAlgorithm>"
                         "<ChecksumType>COMPOSITE</ChecksumType></Upload>"
                         "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>"));
}

TEST(ListPartsXml, ShowsParts) {
  Upload upload;
  upload.id = "u";
  upload.key = "k";
  upload.owner = kAccount;
  upload.initiator = "i";
  Part part;
  part.number = 2;
  part.size = 7;
  part.etag = "e";
  part.last_modified = kTime;
  part.checksum = Checksum{ChecksumAlgorithm::sha1, ChecksumType::full_object, "s"};
  EXPECT_EQ(
      list_parts_xml("bkt", upload, {.max_parts = 1, .part_number_marker = 1}, {{part}, true}),
      document("ListPartsResult",
               "<Bucket>bkt</Bucket><Key>k</Key><UploadId>u</UploadId>"
               "<Initiator><ID>i</ID></Initiator>" +
                   owner() +
                   "<StorageClass>STANDARD</StorageClass>"
                   "<PartNumberMarker>1</PartNumberMarker>"
                   "<NextPartNumberMarker>2</NextPartNumberMarker><MaxParts>1</MaxParts>"
                   "<IsTruncated>true</IsTruncated><Part><PartNumber>2</PartNumber>"
                   "<LastModified>2026-11-26T09:50:01.000Z</LastModified>"
                   "<ETag>&quot;e&quot;</ETag><Size>7</Size>"
                   "<ChecksumSHA1>s</ChecksumSHA1></Part>"));
}

TEST(MultipartXml, NamesTheUploadAndTheObject) {
  EXPECT_EQ(create_multipart_upload_xml("bkt", "a&b", "u"),
            document("InitiateMultipartUploadResult",
                     "<Bucket>bkt</Bucket><Key>a&amp;b</Key><UploadId>u</UploadId>"));
  EXPECT_EQ(complete_multipart_upload_xml(
                "http://h/bkt/k", "bkt", "k", "e-2",
                Checksum{ChecksumAlgorithm::crc64nvme, ChecksumType::full_object, "v"}),
            document("CompleteMultipartUploadResult",
                     "<Location>http://h/bkt/k</Location><Bucket>bkt</Bucket><Key>k</Key>"
                     "<ETag>&quot;e-2&quot;</ETag><ChecksumCRC64NVME>v</ChecksumCRC64NVME>"
                     "<ChecksumType>FULL_OBJECT</ChecksumType>"));
}

TEST(CopyXml, IsNamedByWhatWasCopied) {
  const Checksum checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "v"};
  EXPECT_EQ(copy_xml(CopyOf::object, "e", kTime, checksum),
            document("CopyObjectResult",
                     "<LastModified>2026-11-26T09:50:01.000Z</LastModified>"
                     "<ETag>&quot;e&quot;</ETag><ChecksumCRC32>v</ChecksumCRC32>"
                     "<ChecksumType>FULL_OBJECT</ChecksumType>"));
  EXPECT_EQ(copy_xml(CopyOf::part, "e", kTime, checksum),
            document("CopyPartResult",
                     "<LastModified>2026-11-26T09:50:01.000Z</LastModified>"
                     "<ETag>&quot;e&quot;</ETag><ChecksumCRC32>v</ChecksumCRC32>"));
}

TEST(DeleteResultXml, IsQuietAboutWhatWentWell) {
  const std::vector<DeletedKey> keys{{"a", std::nullopt},
                                     {"b", aws::S3Error{403, "AccessDenied", "Access Denied"}}};
  const std::string error =
      "<Error><Key>b</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
  EXPECT_EQ(delete_result_xml(keys, false),
            document("DeleteResult", "<Deleted><Key>a</Key></Deleted>" + error));
  EXPECT_EQ(delete_result_xml(keys, true), document("DeleteResult", error));
}

TEST(BucketXml, ShowsWhatIsSet) {
  EXPECT_EQ(location_xml("us-east-1"), document("LocationConstraint", ""));
  EXPECT_EQ(location_xml("eu-west-1"), document("LocationConstraint", "eu-west-1"));
  EXPECT_EQ(tagging_xml({{"a", "<"}}),
            document("Tagging", "<TagSet><Tag><Key>a</Key><Value>&lt;</Value></Tag></TagSet>"));
  EXPECT_EQ(policy_status_xml(true), document("PolicyStatus", "<IsPublic>true</IsPublic>"));
  EXPECT_EQ(public_access_block_xml({true, false, true, false}),
            document("PublicAccessBlockConfiguration",
                     "<BlockPublicAcls>true</BlockPublicAcls>"
                     "<IgnorePublicAcls>false</IgnorePublicAcls>"
                     "<BlockPublicPolicy>true</BlockPublicPolicy>"
                     "<RestrictPublicBuckets>false</RestrictPublicBuckets>"));
  EXPECT_EQ(ownership_controls_xml(ObjectOwnership::bucket_owner_enforced),
            document("OwnershipControls",
                     "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"));
  EXPECT_EQ(versioning_xml(), document("VersioningConfiguration", ""));
  EXPECT_EQ(encryption_xml(),
            document("ServerSideEncryptionConfiguration",
                     "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
                     "</ApplyServerSideEncryptionByDefault>"
                     "<BucketKeyEnabled>false</BucketKeyEnabled></Rule>"));
  EXPECT_EQ(private_acl_xml("id"),
            document("AccessControlPolicy",
                     "<Owner><ID>id</ID></Owner><AccessControlList><Grant><Grantee "
                     "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                     "xsi:type=\"CanonicalUser\"><ID>id</ID></Grantee>"
                     "<Permission>FULL_CONTROL</Permission></Grant></AccessControlList>"));
}

}  // namespace
}  // namespace imdsd::s3
