// SPDX-License-Identifier: MIT
// What GetObjectAttributes is asked for, and its answer
// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "aws/s3_error.h"
#include "base/http_message.h"
#include "s3/list_parameters.h"
#include "s3/object.h"

namespace imdsd::s3 {

struct ObjectAttributesAsked {
  bool etag = false, checksum = false, object_parts = false, storage_class = false,
       object_size = false;
  std::size_t max_parts = kMaxListed;
  std::uint32_t part_number_marker = 0;
};
/// From x-amz-object-attributes, x-amz-max-parts and x-amz-part-number-marker. InvalidRequest when
/// the first is missing, InvalidArgument for an attribute that there is not.
[[nodiscard]] aws::S3Outcome<ObjectAttributesAsked> parse_object_attributes_asked(
    const base::HttpHeaders& headers);

/// `object` with its parts. Those are counted only if it was uploaded in parts, and told one by one
/// only if each has a checksum of its own, as with a COMPOSITE one.
[[nodiscard]] std::string object_attributes_xml(const ObjectAttributesAsked& asked,
                                                const Object& object);

}  // namespace imdsd::s3
