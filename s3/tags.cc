// SPDX-License-Identifier: MIT
#include "s3/tags.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "aws/parameter_check.h"
#include "aws/query_string.h"
#include "aws/tag_text.h"
#include "base/codec.h"
#include "base/utf8.h"
#include "s3/errors.h"
#include "s3/request_document.h"

namespace imdsd::s3 {
namespace {

using aws::S3Error;

constexpr std::size_t kMaxKeyCharacters = 128;
constexpr std::size_t kMaxValueCharacters = 256;

tl::unexpected<S3Error> invalid_tag(std::string message, const iam::Tag& tag,
                                    bool with_value = false) {
  S3Error error{400, "InvalidTag", std::move(message), {{"TagKey", tag.key}}};
  if (with_value) error.details.emplace_back("TagValue", tag.value);
  return tl::unexpected(std::move(error));
}

aws::S3Outcome<void> check_tag(const iam::Tag& tag, TagOwner owner) {
  if (base::to_lower(tag.key).starts_with("aws:")) {
    return invalid_tag(owner == TagOwner::bucket
                           ? "System tags cannot be added/updated by requester"
                           : "Your TagKey cannot be prefixed with aws:",
                       tag);
  }
  if (tag.key.empty() || aws::character_count(tag.key) > kMaxKeyCharacters ||
      !aws::is_tag_text(tag.key)) {
    return invalid_tag("The TagKey you have provided is invalid", tag);
  }
  if (aws::character_count(tag.value) > kMaxValueCharacters || !aws::is_tag_text(tag.value)) {
    return invalid_tag("The TagValue you have provided is invalid", tag, true);
  }
  return {};
}

}  // namespace

aws::S3Outcome<void> check_tags(const Tags& tags, TagOwner owner) {
  if (tags.size() > (owner == TagOwner::bucket ? 50 : 10)) {
    return tl::unexpected(S3Error{400, "BadRequest",
                                  owner == TagOwner::bucket
                                      ? "Bucket tag count cannot be greater than 50"
                                      : "Object tags cannot be greater than 10"});
  }
  for (auto tag = tags.begin(); tag != tags.end(); ++tag) {
    IMDSD_TRY_VOID(check_tag(*tag, owner));
    const auto is_same = [&](const iam::Tag& other) { return other.key == tag->key; };
    if (std::any_of(tags.begin(), tag, is_same)) {
      return invalid_tag("Cannot provide multiple Tags with the same key", *tag);
    }
  }
  return {};
}

aws::S3Outcome<Tags> parse_tag_set(xml::Element element) {
  IMDSD_TRY(const auto children, children_of(element, {"Tag"}));
  Tags tags;
  for (const auto& child : children) {
    IMDSD_TRY_VOID(children_of(child, {"Key", "Value"}));
    iam::Tag tag;
    IMDSD_TRY(tag.key, required_text(child, "Key"));
    IMDSD_TRY(tag.value, required_text(child, "Value"));
    tags.push_back(std::move(tag));
  }
  return tags;
}

aws::S3Outcome<Tags> parse_tagging(std::string_view xml, TagOwner owner) {
  IMDSD_TRY(const auto document, RequestDocument::parse(xml, "Tagging"));
  IMDSD_TRY(const auto sets, children_of(document.root(), {"TagSet"}));
  if (sets.size() != 1) return tl::unexpected(malformed_xml());
  IMDSD_TRY(Tags tags, parse_tag_set(sets.front()));
  IMDSD_TRY_VOID(check_tags(tags, owner));
  return tags;
}

aws::S3Outcome<Tags> parse_tagging_header(std::string_view text) {
  const auto refuse = [text] {
    return tl::unexpected(invalid_argument(
        "x-amz-tagging", text,
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
        "without tag name duplicates."));
  };
  Tags tags;
  for (std::string_view rest = text; const auto parameter = aws::next_parameter(rest);) {
    auto key = base::form_decode(parameter->name);
    auto value = base::form_decode(parameter->value);
    if (!key || !value || !base::is_valid_utf8(*key) || !base::is_valid_utf8(*value)) {
      return refuse();
    }
    const auto is_same = [&](const iam::Tag& tag) { return tag.key == *key; };
    if (std::any_of(tags.begin(), tags.end(), is_same)) return refuse();
    tags.push_back({*std::move(key), *std::move(value)});
  }
  IMDSD_TRY_VOID(check_tags(tags, TagOwner::object));
  return tags;
}

}  // namespace imdsd::s3
