// SPDX-License-Identifier: MIT
#include "s3/object_attributes.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

base::HttpHeaders asking_for(std::string names) {
  base::HttpHeaders out;
  out.add("x-amz-object-attributes", std::move(names));
  return out;
}

std::string answer(const base::HttpHeaders& headers, const Object& object) {
  const auto asked = parse_object_attributes_asked(headers);
  if (!asked) return asked.error().code + ": " + asked.error().message;
  const std::string xml = object_attributes_xml(*asked, object);
  const std::string_view root =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<GetObjectAttributesResponse "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  EXPECT_TRUE(xml.starts_with(root) && xml.ends_with("</GetObjectAttributesResponse>")) << xml;
  return xml.substr(root.size(), xml.find("</GetObjectAttributesResponse>") - root.size());
}

Object object() {
  Object out;
  out.size = 7;
  out.etag = "e";
  out.checksum = Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "c"};
  return out;
}

Object in_parts(ChecksumType type) {
  Object out = object();
  out.multipart = true;
  out.checksum->type = type;
  for (const std::uint32_t number : {1U, 3U, 4U}) {
    Part part;
    part.number = number;
    part.size = number;
    part.checksum = Checksum{ChecksumAlgorithm::crc32, ChecksumType::full_object, "p"};
    out.parts.push_back(part);
  }
  return out;
}

TEST(ObjectAttributes, AreThoseThatAreAskedFor) {
  EXPECT_EQ(answer(asking_for("ETag"), object()), "<ETag>e</ETag>");
  EXPECT_EQ(answer(asking_for("ObjectSize, StorageClass,Checksum"), object()),
            "<Checksum><ChecksumCRC32>c</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType>"
            "</Checksum><StorageClass>STANDARD</StorageClass><ObjectSize>7</ObjectSize>");
  EXPECT_EQ(answer(asking_for("ObjectParts"), object()), "") << "it was put in one piece";
}

TEST(ObjectAttributes, TellACompositeChecksumWithoutItsCount) {
  Object composite = in_parts(ChecksumType::composite);
  composite.checksum->value = "c==-3";
  EXPECT_EQ(answer(asking_for("Checksum"), composite),
            "<Checksum><ChecksumCRC32>c==</ChecksumCRC32><ChecksumType>COMPOSITE</ChecksumType>"
            "</Checksum>");
}

TEST(ObjectAttributes, TellPartsThatHaveChecksums) {
  EXPECT_EQ(answer(asking_for("ObjectParts"), in_parts(ChecksumType::full_object)),
            "<ObjectParts><PartsCount>3</PartsCount></ObjectParts>");
  auto headers = asking_for("ObjectParts");
  headers.add("x-amz-max-parts", "1");
  headers.add("x-amz-part-number-marker", "1");
  EXPECT_EQ(answer(headers, in_parts(ChecksumType::composite)),
            "<ObjectParts><PartsCount>3</PartsCount><PartNumberMarker>1</PartNumberMarker>"
            "<NextPartNumberMarker>3</NextPartNumberMarker><MaxParts>1</MaxParts>"
            "<IsTruncated>true</IsTruncated><Part><PartNumber>3</PartNumber><Size>3</Size>"
            "<ChecksumCRC32>p</ChecksumCRC32></Part></ObjectParts>");
  headers.set("x-amz-part-number-marker", "4");
  EXPECT_NE(answer(headers, in_parts(ChecksumType::composite))
                .find("<NextPartNumberMarker>0</NextPartNumberMarker><MaxParts>1</MaxParts>"
                      "<IsTruncated>false</IsTruncated></ObjectParts>"),
            std::string::npos);
}

TEST(ObjectAttributes, MustBeAskedForByName) {
  EXPECT_EQ(answer({}, object()),
            "InvalidRequest: The x-amz-object-attributes header specifying the attributes to be "
            "retrieved is either missing or empty");
  EXPECT_EQ(answer(asking_for("ETag,Colour"), object()),
            "InvalidArgument: Invalid attribute name specified.");
  auto headers = asking_for("ETag");
  headers.add("x-amz-max-parts", "many");
  EXPECT_EQ(answer(headers, object()),
            "InvalidArgument: Provided x-amz-max-parts not an integer or within integer range");
}

}  // namespace
}  // namespace imdsd::s3
