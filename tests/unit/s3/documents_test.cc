// SPDX-License-Identifier: MIT
#include "s3/documents.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string in_s3(std::string_view root, std::string_view inside) {
  return std::string(kDeclaration) + "<" + std::string(root) +
         " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + std::string(inside) + "</" +
         std::string(root) + ">";
}

template <class T>
std::string code_of(const aws::S3Outcome<T>& outcome) {
  return outcome ? "taken" : outcome.error().code;
}

TEST(ParseDelete, ReadsKeysAsTheyStand) {
  const auto document = parse_delete(in_s3(
      "Delete",
      "<Object><Key>a&amp;b</Key></Object>\n<Object><Key> c  </Key><VersionId>null</VersionId>"
      "</Object><Object><Key>../d//</Key><ETag>&quot;e&quot;</ETag></Object>"
      "<Quiet>true</Quiet>"));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_TRUE(document->quiet);
  ASSERT_EQ(document->objects.size(), 3U);
  EXPECT_EQ(document->objects[0].key, "a&b");
  EXPECT_EQ(document->objects[1].key, " c  ");
  EXPECT_EQ(document->objects[1].version_id, "null");
  EXPECT_EQ(document->objects[2].key, "../d//");
  EXPECT_EQ(document->objects[2].etag, "e");
}

TEST(ParseDelete, TakesADocumentWithoutNamespace) {
  EXPECT_TRUE(parse_delete("<Delete><Object><Key>a</Key></Object></Delete>"));
}

TEST(ParseDelete, TakesAThousandKeysAndNoMore) {
  std::string inside;
  for (int i = 0; i < 1000; ++i) inside += "<Object><Key>k</Key></Object>";
  EXPECT_EQ(parse_delete(in_s3("Delete", inside))->objects.size(), 1000U);
  EXPECT_EQ(code_of(parse_delete(in_s3("Delete", inside + "<Object><Key>k</Key></Object>"))),
            "MalformedXML");
}

TEST(ParseDelete, RefusesOthers) {
  for (const std::string& xml : {
           std::string(),
           std::string("hello"),
           in_s3("Delete", ""),
           in_s3("Delete", "<Object/>"),
           in_s3("Delete", "<Object><Key/></Object>"),
           in_s3("Delete", "<Object><Key>a</Key><Key>b</Key></Object>"),
           in_s3("Delete", "<Object><Key>a<b/></Key></Object>"),
           in_s3("Delete", "<Object><Key>a</Key><Foo/></Object>"),
           in_s3("Delete", "<Object><Key>a</Key></Object><Quiet>yes</Quiet>"),
           in_s3("Delete", "<Object xmlns=\"urn:x\"><Key>a</Key></Object>"),
           in_s3("Remove", "<Object><Key>a</Key></Object>"),
           std::string("<!DOCTYPE a [<!ENTITY b 'c'>]><Delete><Object><Key>&b;</Key></Object>"
                       "</Delete>"),
           std::string("<Delete xmlns='urn:x'><Object><Key>a</Key></Object></Delete>"),
       }) {
    EXPECT_EQ(code_of(parse_delete(xml)), "MalformedXML") << xml;
  }
  EXPECT_EQ(code_of(parse_delete(
                in_s3("Delete", "<Object><Key>" + std::string(1025, 'k') + "</Key></Object>"))),
            "KeyTooLongError");
  EXPECT_EQ(code_of(parse_delete(in_s3("Delete", "<Object><Key>a</Key><Size>1</Size></Object>"))),
            "NotImplemented");
}

TEST(ParseCompleteMultipartUpload, ReadsParts) {
  const auto parts = parse_complete_multipart_upload(in_s3(
      "CompleteMultipartUpload",
      "<Part><ETag>&quot;abc&quot;</ETag><PartNumber>1</PartNumber></Part>"
      "<Part><ChecksumCRC32>NhCmhg==</ChecksumCRC32><ETag>def</ETag><PartNumber>10000</PartNumber>"
      "</Part>"));
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].part_number, 1U);
  EXPECT_EQ((*parts)[0].etag, "abc");
  EXPECT_EQ((*parts)[0].checksum, std::nullopt);
  EXPECT_EQ((*parts)[1].part_number, 10000U);
  EXPECT_EQ((*parts)[1].checksum,
            (Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "NhCmhg=="}));
}

TEST(ParseCompleteMultipartUpload, TakesTenThousandParts) {
  std::string inside;
  for (int i = 1; i <= 10'000; ++i) {
    inside += "<Part><ETag>\"5d41402abc4b2a76b9719d911017c592\"</ETag><PartNumber>" +
              std::to_string(i) +
              "</PartNumber><ChecksumSHA256>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
              "</ChecksumSHA256></Part>";
  }
  const auto parts = parse_complete_multipart_upload(in_s3("CompleteMultipartUpload", inside));
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->size(), 10'000U);
}

TEST(ParseCompleteMultipartUpload, RefusesOthers) {
  const auto code = [](std::string_view inside) {
    return code_of(parse_complete_multipart_upload(in_s3("CompleteMultipartUpload", inside)));
  };
  EXPECT_EQ(code_of(parse_complete_multipart_upload("")), "InvalidRequest");
  EXPECT_EQ(code(""), "MalformedXML");
  EXPECT_EQ(code("<Part><PartNumber>1</PartNumber></Part>"), "MalformedXML");
  EXPECT_EQ(code("<Part><ETag>a</ETag></Part>"), "MalformedXML");
  EXPECT_EQ(code("<Part><ETag>a</ETag><PartNumber>x</PartNumber></Part>"), "MalformedXML");
  EXPECT_EQ(code("<Part><ETag>a</ETag><PartNumber>0</PartNumber></Part>"), "InvalidArgument");
  EXPECT_EQ(code("<Part><ETag>a</ETag><PartNumber>10001</PartNumber></Part>"), "InvalidArgument");
  EXPECT_EQ(code("<Part><ETag>a</ETag><PartNumber>1</PartNumber><ChecksumCRC32>!</ChecksumCRC32>"
                 "</Part>"),
            "InvalidArgument");
  EXPECT_EQ(code("<Part><ETag>a</ETag><PartNumber>1</PartNumber>"
                 "<ChecksumCRC32>NhCmhg==</ChecksumCRC32><ChecksumCRC32C>mnG7TA==</ChecksumCRC32C>"
                 "</Part>"),
            "InvalidArgument");
}

TEST(ParseCreateBucket, ReadsRegionAndTags) {
  EXPECT_EQ(parse_create_bucket("")->location_constraint, std::nullopt);
  const auto document =
      parse_create_bucket(in_s3("CreateBucketConfiguration",
                                "<LocationConstraint>eu-west-1</LocationConstraint>"
                                "<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>"));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->location_constraint, "eu-west-1");
  ASSERT_EQ(document->tags.size(), 1U);
  EXPECT_EQ(document->tags[0].key, "a");
  EXPECT_EQ(document->tags[0].value, "b");
  EXPECT_EQ(code_of(parse_create_bucket(
                in_s3("CreateBucketConfiguration", "<Bucket><Type>Directory</Type></Bucket>"))),
            "NotImplemented");
  EXPECT_EQ(code_of(parse_create_bucket(in_s3("CreateBucket", ""))), "MalformedXML");
}

TEST(ParsePublicAccessBlock, ReadsFourSwitches) {
  const auto block = parse_public_access_block(
      in_s3("PublicAccessBlockConfiguration",
            "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>FALSE</IgnorePublicAcls>"
            "<RestrictPublicBuckets>True</RestrictPublicBuckets>"));
  ASSERT_TRUE(block) << block.error().message;
  EXPECT_EQ(*block, (PublicAccessBlock{true, false, false, true}));
  EXPECT_EQ(code_of(parse_public_access_block(
                in_s3("PublicAccessBlockConfiguration", "<BlockPublicAcls>1</BlockPublicAcls>"))),
            "MalformedXML");
}

TEST(ParseOwnershipControls, ReadsItsOneRule) {
  const auto with = [](std::string_view name) {
    return parse_ownership_controls(
        in_s3("OwnershipControls",
              "<Rule><ObjectOwnership>" + std::string(name) + "</ObjectOwnership></Rule>"));
  };
  for (const auto ownership :
       {ObjectOwnership::bucket_owner_enforced, ObjectOwnership::bucket_owner_preferred,
        ObjectOwnership::object_writer}) {
    EXPECT_EQ(with(name_of(ownership)).value(), ownership);
  }
  EXPECT_EQ(code_of(with("Nobody")), "MalformedXML");
  EXPECT_EQ(code_of(parse_ownership_controls(in_s3("OwnershipControls", ""))), "MalformedXML");
}

}  // namespace
}  // namespace imdsd::s3
