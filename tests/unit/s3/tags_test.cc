// SPDX-License-Identifier: MIT
#include "s3/tags.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string tagging(std::string_view inside) {
  return "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>" +
         std::string(inside) + "</TagSet></Tagging>";
}

Tags many(std::size_t count) {
  Tags out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({"k" + std::to_string(i), "v"});
  return out;
}

TEST(ParseTagging, ReadsTagsInTheirOrder) {
  const auto tags = parse_tagging(tagging("<Tag><Key>b</Key><Value>1</Value></Tag>"
                                          "<Tag><Key>a b</Key><Value/></Tag>"),
                                  TagOwner::object);
  ASSERT_TRUE(tags) << tags.error().message;
  ASSERT_EQ(tags->size(), 2U);
  EXPECT_EQ((*tags)[0].key, "b");
  EXPECT_EQ((*tags)[0].value, "1");
  EXPECT_EQ((*tags)[1].key, "a b");
  EXPECT_EQ((*tags)[1].value, "");
  EXPECT_TRUE(parse_tagging(tagging(""), TagOwner::bucket)->empty());
}

TEST(ParseTagging, RefusesOtherDocuments) {
  for (const std::string& xml :
       {std::string(), std::string("<Tagging/>"), tagging("<Tag><Key>a</Key></Tag>"),
        tagging("<Tag><Value>a</Value></Tag>"), tagging("<Key>a</Key>"),
        tagging("<Tag><Key>a</Key><Value>b</Value><More/></Tag>")}) {
    const auto tags = parse_tagging(xml, TagOwner::object);
    ASSERT_FALSE(tags) << xml;
    EXPECT_EQ(tags.error().code, "MalformedXML");
  }
}

TEST(CheckTags, BoundsTheirNumber) {
  EXPECT_TRUE(check_tags(many(10), TagOwner::object));
  EXPECT_TRUE(check_tags(many(50), TagOwner::bucket));
  EXPECT_EQ(check_tags(many(11), TagOwner::object).error().message,
            "Object tags cannot be greater than 10");
  EXPECT_EQ(check_tags(many(51), TagOwner::bucket).error().message,
            "Bucket tag count cannot be greater than 50");
  EXPECT_EQ(check_tags(many(51), TagOwner::bucket).error().code, "BadRequest");
}

TEST(CheckTags, CountsCharacters) {
  std::string long_key, long_value;
  for (int i = 0; i < 128; ++i) long_key += "\xC3\xBC";
  for (int i = 0; i < 256; ++i) long_value += "\xC3\xBC";
  EXPECT_TRUE(check_tags({{long_key, long_value}}, TagOwner::object));
  EXPECT_FALSE(check_tags({{long_key + "a", ""}}, TagOwner::object));
  EXPECT_FALSE(check_tags({{"a", long_value + "a"}}, TagOwner::object));
}

struct Refused {
  Tags tags;
  TagOwner owner;
  std::string_view message;
  Lines details;
};

TEST(CheckTags, SaysWhichIsWrong) {
  for (const auto& [tags, owner, message, details] : {
           Refused{{{"", "v"}},
                   TagOwner::object,
                   "The TagKey you have provided is invalid",
                   {{"TagKey", ""}}},
           Refused{{{"a?", "v"}},
                   TagOwner::object,
                   "The TagKey you have provided is invalid",
                   {{"TagKey", "a?"}}},
           Refused{{{"a", "v*"}},
                   TagOwner::bucket,
                   "The TagValue you have provided is invalid",
                   {{"TagKey", "a"}, {"TagValue", "v*"}}},
           Refused{{{"a", "1"}, {"b", "2"}, {"a", "3"}},
                   TagOwner::object,
                   "Cannot provide multiple Tags with the same key",
                   {{"TagKey", "a"}}},
           Refused{{{"aws:a", "1"}},
                   TagOwner::bucket,
                   "System tags cannot be added/updated by requester",
                   {{"TagKey", "aws:a"}}},
           Refused{{{"AWS:a", "1"}},
                   TagOwner::object,
                   "Your TagKey cannot be prefixed with aws:",
                   {{"TagKey", "AWS:a"}}},
       }) {
    const auto checked = check_tags(tags, owner);
    ASSERT_FALSE(checked) << message;
    EXPECT_EQ(checked.error().code, "InvalidTag");
    EXPECT_EQ(checked.error().message, message);
    EXPECT_EQ(checked.error().details, details);
  }
}

TEST(ParseTaggingHeader, IsAForm) {
  const auto tags = parse_tagging_header("a=b&c+d=%C3%BC&e");
  ASSERT_TRUE(tags) << tags.error().message;
  ASSERT_EQ(tags->size(), 3U);
  EXPECT_EQ((*tags)[1].key, "c d");
  EXPECT_EQ((*tags)[1].value, "\xC3\xBC");
  EXPECT_EQ((*tags)[2].value, "");
  EXPECT_TRUE(parse_tagging_header("")->empty());
  for (const std::string_view text : {"a=b&a=c", "a=%", "a=%FF"}) {
    const auto refused = parse_tagging_header(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, "InvalidArgument");
    EXPECT_EQ(refused.error().details,
              (Lines{{"ArgumentName", "x-amz-tagging"}, {"ArgumentValue", std::string(text)}}));
  }
}

}  // namespace
}  // namespace imdsd::s3
