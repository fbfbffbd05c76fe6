// SPDX-License-Identifier: MIT
// Tags of objects and buckets
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html). Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "aws/s3_error.h"
#include "s3/bucket.h"
#include "xml/document.h"

namespace imdsd::s3 {

enum class TagOwner : std::uint8_t { object, bucket };

/// At most 10 of an object, 50 of a bucket; keys of 1 to 128 characters, values of up to 256, out
/// of those that tags have; no key twice, none of aws:. InvalidTag or BadRequest.
[[nodiscard]] aws::S3Outcome<void> check_tags(const Tags& tags, TagOwner owner);
/// <Tag><Key/><Value/></Tag>…, not checked.
[[nodiscard]] aws::S3Outcome<Tags> parse_tag_set(xml::Element element);
/// The document of PutObjectTagging and PutBucketTagging, checked.
[[nodiscard]] aws::S3Outcome<Tags> parse_tagging(std::string_view xml, TagOwner owner);
/// x-amz-tagging: `k=v&k2=v2`, checked.
[[nodiscard]] aws::S3Outcome<Tags> parse_tagging_header(std::string_view text);

}  // namespace imdsd::s3
