// SPDX-License-Identifier: MIT
#include "s3/object_attributes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/codec.h"
#include "base/xml_writer.h"
#include "s3/answer_writer.h"
#include "s3/checksum.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

struct AttributeRow {
  std::string_view name;
  bool ObjectAttributesAsked::*asked;
};
constexpr std::array kAttributes{
    AttributeRow{"ETag", &ObjectAttributesAsked::etag},
    AttributeRow{"Checksum", &ObjectAttributesAsked::checksum},
    AttributeRow{"ObjectParts", &ObjectAttributesAsked::object_parts},
    AttributeRow{"StorageClass", &ObjectAttributesAsked::storage_class},
    AttributeRow{"ObjectSize", &ObjectAttributesAsked::object_size},
};

aws::S3Outcome<void> take_name(ObjectAttributesAsked& asked, std::string_view name) {
  for (const auto& row : kAttributes) {
    if (row.name != name) continue;
    asked.*row.asked = true;
    return {};
  }
  return tl::unexpected(
      invalid_argument("x-amz-object-attributes", name, "Invalid attribute name specified."));
}

void add_part(base::XmlWriter& xml, const Part& part) {
  xml.open("Part").leaf("PartNumber", std::to_string(part.number));
  xml.leaf("Size", std::to_string(part.size));
  if (part.checksum) xml.leaf(element_of(part.checksum->algorithm), part.checksum->value);
  xml.close();
}

void add_parts(base::XmlWriter& xml, const ObjectAttributesAsked& asked, const Object& object) {
  xml.open("ObjectParts").leaf("PartsCount", std::to_string(object.parts.size()));
  if (object.checksum && object.checksum->type == ChecksumType::composite) {
    const auto first =
        std::find_if(object.parts.begin(), object.parts.end(),
                     [&](const Part& part) { return part.number > asked.part_number_marker; });
    const auto left = static_cast<std::size_t>(object.parts.end() - first);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(left, asked.max_parts));
    xml.leaf("PartNumberMarker", std::to_string(asked.part_number_marker));
    xml.leaf("NextPartNumberMarker", std::to_string(first == last ? 0 : (last - 1)->number));
    xml.leaf("MaxParts", std::to_string(asked.max_parts));
    xml.leaf("IsTruncated", last == object.parts.end() ? "false" : "true");
    for (auto part = first; part != last; ++part) add_part(xml, *part);
  }
  xml.close();
}

}  // namespace

aws::S3Outcome<ObjectAttributesAsked> parse_object_attributes_asked(
    const base::HttpHeaders& headers) {
  ObjectAttributesAsked asked;
  bool is_empty = true;
  for (std::string_view names : headers.get_all("x-amz-object-attributes")) {
    while (!names.empty()) {
      const std::size_t comma = names.find(',');
      const std::string_view name = base::trim(names.substr(0, comma));
      names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
      IMDSD_TRY_VOID(take_name(asked, name));
      is_empty = false;
    }
  }
  if (is_empty) {
    return tl::unexpected(
        invalid_request("The x-amz-object-attributes header specifying the attributes to be "
                        "retrieved is either missing or empty"));
  }
  if (const auto text = headers.get("x-amz-max-parts")) {
    IMDSD_TRY(const std::size_t max, parse_list_count("x-amz-max-parts", *text));
    asked.max_parts = std::min(max, kMaxListed);
  }
  if (const auto text = headers.get("x-amz-part-number-marker")) {
    IMDSD_TRY(const std::size_t marker, parse_list_count("x-amz-part-number-marker", *text));
    asked.part_number_marker = static_cast<std::uint32_t>(marker);
  }
  return asked;
}

std::string object_attributes_xml(const ObjectAttributesAsked& asked, const Object& object) {
  base::XmlWriter xml(base::XmlWriter::Layout::one_line);
  xml.open("GetObjectAttributesResponse", kNamespace);
  if (asked.etag) xml.leaf("ETag", object.etag);
  if (asked.checksum && object.checksum) {
    // Here a composite one comes without its `-N`.
    auto bare = object.checksum;
    bare->value.resize(std::min(bare->value.size(), bare->value.find('-')));
    xml.open("Checksum");
    add_checksum(xml, bare);
    xml.close();
  }
  if (asked.object_parts && object.multipart) add_parts(xml, asked, object);
  if (asked.storage_class) xml.leaf("StorageClass", "STANDARD");
  if (asked.object_size) xml.leaf("ObjectSize", std::to_string(object.size));
  return xml.close().take();
}

}  // namespace imdsd::s3
