// SPDX-License-Identifier: MIT
#include "s3/list_parameters.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

TEST(ParseListObjectsV2, ReadsWhatTheCliSends) {
  const auto asked = parse_list_objects_v2(
      "list-type=2&prefix=a%2Fb+c&delimiter=%2F&encoding-type=url&max-keys=5&start-after=a"
      "&fetch-owner=true",
      "bkt");
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(asked->filter.prefix, "a/b c");
  EXPECT_EQ(asked->filter.delimiter, "/");
  EXPECT_EQ(asked->filter.max, 5U);
  EXPECT_TRUE(asked->filter.encode_urls);
  EXPECT_EQ(asked->start_after, "a");
  EXPECT_TRUE(asked->fetch_owner);
  EXPECT_EQ(asked->continuation_token, std::nullopt);
}

TEST(ParseListObjectsV2, HasDefaults) {
  const auto asked = parse_list_objects_v2("list-type=2&prefix&max-keys=", "bkt");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->filter.max, kMaxListed);
  EXPECT_EQ(asked->filter.prefix, "");
  EXPECT_FALSE(asked->filter.encode_urls);
  EXPECT_FALSE(asked->fetch_owner);
}

TEST(ParseListObjectsV2, CapsMaxKeys) {
  EXPECT_EQ(parse_list_objects_v2("max-keys=0", "bkt")->filter.max, 0U);
  EXPECT_EQ(parse_list_objects_v2("max-keys=1000", "bkt")->filter.max, 1000U);
  EXPECT_EQ(parse_list_objects_v2("max-keys=2147483647", "bkt")->filter.max, 1000U);
}

struct Refused {
  std::string_view query, message;
  Lines details;
};

TEST(ParseListObjectsV2, SaysWhichArgumentIsWrong) {
  for (const auto& [query, message, details] : {
           Refused{"max-keys=x",
                   "Provided max-keys not an integer or within integer range",
                   {{"ArgumentName", "max-keys"}, {"ArgumentValue", "x"}}},
           Refused{"max-keys=2147483648",
                   "Provided max-keys not an integer or within integer range",
                   {{"ArgumentName", "max-keys"}, {"ArgumentValue", "2147483648"}}},
           Refused{"max-keys=-1",
                   "Argument max-keys must be an integer between 0 and 2147483647",
                   {{"ArgumentName", "max-keys"}, {"ArgumentValue", "-1"}}},
           Refused{"encoding-type=base64",
                   "Invalid Encoding Method specified in Request",
                   {{"ArgumentName", "encoding-type"}, {"ArgumentValue", "base64"}}},
           Refused{"continuation-token=x",
                   "The continuation token provided is incorrect",
                   {{"ArgumentName", "continuation-token"}}},
           Refused{"continuation-token=",
                   "The continuation token provided is incorrect",
                   {{"ArgumentName", "continuation-token"}}},
       }) {
    const auto asked = parse_list_objects_v2(query, "bkt");
    ASSERT_FALSE(asked) << query;
    EXPECT_EQ(asked.error().code, "InvalidArgument");
    EXPECT_EQ(asked.error().message, message);
    EXPECT_EQ(asked.error().details, details);
  }
}

TEST(ContinuationToken, IsTakenForItsOwnListOnly) {
  const std::string key = "a key/\xC3\xBC+&";
  const std::string token = continuation_token("bkt", key);
  const std::string query = "continuation-token=" + base::percent_encode(token);
  const auto asked = parse_list_objects_v2(query, "bkt");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->continue_from, key);
  EXPECT_EQ(asked->continuation_token, token);
  EXPECT_FALSE(parse_list_objects_v2(query, "another"));
  EXPECT_FALSE(parse_list_buckets(query));
}

TEST(ContinuationToken, IsRefusedWhenAnythingIsChanged) {
  const std::string token = continuation_token("bkt", "key");
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(
        parse_list_objects_v2("continuation-token=" + base::percent_encode(changed), "bkt"))
        << at;
    EXPECT_FALSE(parse_list_objects_v2(
        "continuation-token=" + base::percent_encode(token.substr(0, at)), "bkt"))
        << at;
  }
}

TEST(ParseListObjects, ReadsItsMarker) {
  const auto asked = parse_list_objects("marker=a%20b&prefix=a");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->marker, "a b");
  EXPECT_EQ(asked->filter.prefix, "a");
}

TEST(ParseListMultipartUploads, IgnoresAnIdWithoutKey) {
  const auto both = parse_list_multipart_uploads("key-marker=k&upload-id-marker=u&max-uploads=7");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->key_marker, "k");
  EXPECT_EQ(both->upload_id_marker, "u");
  EXPECT_EQ(both->filter.max, 7U);
  EXPECT_EQ(parse_list_multipart_uploads("upload-id-marker=u")->upload_id_marker, "");
}

TEST(ParseListParts, ReadsNumbers) {
  const auto asked = parse_list_parts("uploadId=u&max-parts=2&part-number-marker=3");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->upload_id, "u");
  EXPECT_EQ(asked->max_parts, 2U);
  EXPECT_EQ(asked->part_number_marker, 3U);
  EXPECT_FALSE(parse_list_parts("uploadId=u&part-number-marker=x"));
}

TEST(ParseListBuckets, PagesWhenItIsAsked) {
  EXPECT_EQ(parse_list_buckets("x-id=ListBuckets")->max_buckets, std::nullopt);
  const auto asked = parse_list_buckets("max-buckets=10000&prefix=a&bucket-region=eu-west-1");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->max_buckets, 10000U);
  EXPECT_EQ(asked->prefix, "a");
  EXPECT_EQ(asked->region, "eu-west-1");
  for (const std::string_view query : {"max-buckets=0", "max-buckets=10001", "max-buckets=x"}) {
    const auto refused = parse_list_buckets(query);
    ASSERT_FALSE(refused) << query;
    EXPECT_EQ(refused.error().message,
              "Argument max-buckets must be an integer between 1 and 10000");
  }
}

}  // namespace
}  // namespace imdsd::s3
