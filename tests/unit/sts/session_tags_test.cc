// SPDX-License-Identifier: MIT
#include "sts/session_tags.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::sts {
namespace {

using Values = iam::ConditionKeys::Values;

std::string text_of(const aws::ServiceError& error) {
  return std::to_string(error.status) + " " + error.code + " " + error.message.value_or("-");
}

std::string outcome(const std::vector<iam::Tag>& tags,
                    const std::vector<std::string>& transitive = {}) {
  aws::ParameterCheck check;
  SessionTags::check(tags, transitive, check);
  if (const auto error = check.error()) return text_of(*error);
  const auto made = SessionTags::make(tags, transitive);
  return made ? "ok" : text_of(made.error());
}

const std::string kOneError = "400 ValidationError 1 validation error detected: Value ";
const std::string kMust = " failed to satisfy constraint: Member must ";

TEST(SessionTags, ConstraintsOfTheModel) {
  const std::string pattern = R"(satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@])";
  EXPECT_EQ(outcome({{"a#b", "v"}}),
            kOneError + "'a#b' at 'tags.1.member.key'" + kMust + pattern + "+");
  EXPECT_EQ(outcome({{"k", "a|b"}}),
            kOneError + "'a|b' at 'tags.1.member.value'" + kMust + pattern + "*");
  EXPECT_EQ(outcome({{"", "v"}}), kOneError + "'' at 'tags.1.member.key'" + kMust +
                                      "have length greater than or equal to 1");
  const std::string key(129, 'k');
  EXPECT_EQ(outcome({{"ok", "v"}, {key, "v"}}), kOneError + "'" + key + "' at 'tags.2.member.key'" +
                                                    kMust +
                                                    "have length less than or equal to 128");
  const std::string value(257, 'v');
  EXPECT_EQ(outcome({{"k", value}}), kOneError + "'" + value + "' at 'tags.1.member.value'" +
                                         kMust + "have length less than or equal to 256");
  EXPECT_EQ(outcome({{"K \xC3\xA9_.:/=+-@9", ""}}), "ok");
  EXPECT_EQ(outcome({{"성본", "e\u0301"}}),
            kOneError + "'e\u0301' at 'tags.1.member.value'" + kMust + pattern + "*");
  EXPECT_EQ(outcome({{"🚀", "v"}}),
            kOneError + "'🚀' at 'tags.1.member.key'" + kMust + pattern + "+");
  EXPECT_EQ(outcome({{"k", "v"}}, {"a#b"}),
            kOneError + "'a#b' at 'transitiveTagKeys.1.member'" + kMust + pattern + "+");
}

TEST(SessionTags, AreFiftyAtMost) {
  std::vector<iam::Tag> tags;
  for (int i = 0; i < 50; ++i) tags.push_back({"k" + std::to_string(i), "v"});
  EXPECT_EQ(outcome(tags), "ok");
  tags.push_back({"k50", "v"});
  EXPECT_EQ(outcome(tags),
            kOneError + "'' at 'tags'" + kMust + "have length less than or equal to 50");
}

TEST(SessionTags, KeysAreWithoutCase) {
  EXPECT_EQ(
      outcome({{"Team", "a"}, {"team", "b"}}),
      "400 InvalidParameterValue Duplicate tag keys found. Please note that Tag keys are case "
      "insensitive.");
  EXPECT_EQ(outcome({{"Team", "a"}}, {"TEAM"}), "ok");
}

TEST(SessionTags, TransitiveKeysMustBeThere) {
  EXPECT_EQ(outcome({{"Team", "a"}}, {"Project"}),
            "400 InvalidParameterValue The specified transitive tag key must be included in the "
            "requested tags.");
}

TEST(SessionTags, KeysOfAwsAreReserved) {
  EXPECT_EQ(outcome({{"AWS:team", "a"}}),
            "400 InvalidParameterValue aws: prefixed tag key names are not allowed for external "
            "use.");
  EXPECT_EQ(outcome({{"awsteam", "a"}}), "ok");
}

TEST(SessionTags, ReadFromParameters) {
  const auto parameters =
      aws::QueryParameters::parse(
          "Tags.member.1.Key=Team&Tags.member.1.Value=red&Tags.member.2.Key=Empty"
          "&Tags.member.2.Value=&TransitiveTagKeys.member.1=Team")
          .value();
  iam::Session session;
  SessionTags::parse(parameters).value().describe(session);
  EXPECT_EQ(session.tags, (std::map<std::string, std::string>{{"Team", "red"}, {"Empty", ""}}));
  EXPECT_EQ(session.transitive_tag_keys, std::vector<std::string>{"Team"});
}

TEST(SessionTags, TransitiveOnesAreInherited) {
  iam::Session from;
  from.tags = {{"Team", "red"}, {"Local", "1"}};
  from.transitive_tag_keys = {"Team"};
  auto tags = SessionTags::make({{"Project", "x"}, {"Local", "2"}}, {"Project"}).value();
  EXPECT_FALSE(tags.inherit(from));
  iam::ConditionKeys keys;
  tags.add_request_keys(keys);
  EXPECT_EQ(*keys.find("aws:RequestTag/Project"), Values{"x"});
  EXPECT_EQ(*keys.find("aws:TagKeys"), (Values{"Project", "Local"}));
  EXPECT_EQ(*keys.find("sts:TransitiveTagKeys"), Values{"Project"});
  EXPECT_EQ(keys.find("aws:RequestTag/Team"), nullptr);
  iam::Session session;
  std::move(tags).describe(session);
  EXPECT_EQ(session.tags, (std::map<std::string, std::string>{
                              {"Local", "2"}, {"Project", "x"}, {"Team", "red"}}));
  EXPECT_EQ(session.transitive_tag_keys, (std::vector<std::string>{"Project", "Team"}));
}

TEST(SessionTags, OnesThatWereOnlyInheritedAreNoRequestTags) {
  iam::Session from;
  from.tags = {{"Team", "red"}};
  from.transitive_tag_keys = {"Team"};
  SessionTags tags;
  EXPECT_TRUE(tags.empty());
  EXPECT_FALSE(tags.inherit(from));
  EXPECT_FALSE(tags.empty());
  iam::ConditionKeys keys;
  tags.add_request_keys(keys);
  EXPECT_TRUE(keys.all().empty());
}

TEST(SessionTags, InheritedOnesCannotBeReplaced) {
  iam::Session from;
  from.tags = {{"Team", "red"}};
  from.transitive_tag_keys = {"Team"};
  for (const std::vector<std::string>& transitive :
       {std::vector<std::string>{}, std::vector<std::string>{"team"}}) {
    auto tags = SessionTags::make({{"team", "blue"}}, transitive).value();
    const auto error = tags.inherit(from);
    ASSERT_TRUE(error);
    EXPECT_EQ(text_of(*error),
              "400 InvalidParameterValue One of the specified transitive tag keys can't be set "
              "because it conflicts with a transitive tag key from the calling session.");
  }
}

}  // namespace
}  // namespace imdsd::sts
