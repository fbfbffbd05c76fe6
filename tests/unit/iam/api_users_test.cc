// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

class Users : public ::testing::Test {
 protected:
  support::IamWorld iam_{{user_operations()}};
};

class UsersWithPolicies : public ::testing::Test {
 protected:
  support::IamWorld iam_{{user_operations(), inline_policy_operations()}};
};

TEST_F(Users, LiveFromCreationToDeletion) {
  const auto created = iam_.call(
      "Action=CreateUser&UserName=Dev&Path=/team/&Tags.member.1.Key=a"
      "&Tags.member.1.Value=b");
  EXPECT_EQ(created.text("Arn"), "arn:aws:iam::123456789012:user/team/Dev");
  EXPECT_EQ(created.text("UserId").substr(0, 4), "AIDA");
  EXPECT_EQ(created.text("CreateDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(created.text("Key"), "a");
  EXPECT_EQ(iam_.call("Action=GetUser&UserName=dev").text("UserName"), "Dev");
  EXPECT_EQ(iam_.call("Action=DeleteUser&UserName=Dev").status, 200);
  const auto gone = iam_.call("Action=GetUser&UserName=Dev");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.code, "NoSuchEntity");
  EXPECT_EQ(gone.message, "The user with name Dev cannot be found.");
}

TEST_F(Users, HaveNamesThatAreUniqueWithoutCase) {
  iam_.call("Action=CreateUser&UserName=dev");
  const auto again = iam_.call("Action=CreateUser&UserName=DEV");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code, "EntityAlreadyExists");
  EXPECT_EQ(again.message, "User with name DEV already exists.");
}

TEST_F(Users, KeepTheirIdWhenRenamedAndGetANewOneWhenMadeAgain) {
  const std::string id = iam_.call("Action=CreateUser&UserName=a").text("UserId");
  EXPECT_EQ(iam_.call("Action=UpdateUser&UserName=a&NewUserName=b&NewPath=/x/").status, 200);
  EXPECT_EQ(iam_.call("Action=GetUser&UserName=a").code, "NoSuchEntity");
  EXPECT_EQ(iam_.call("Action=GetUser&UserName=b").text("UserId"), id);
  iam_.call("Action=DeleteUser&UserName=b");
  EXPECT_NE(iam_.call("Action=CreateUser&UserName=b").text("UserId"), id);
}

TEST_F(Users, AreListedInPages) {
  for (const char* name : {"d", "A", "c", "B"}) {
    iam_.call("Action=CreateUser&Path=/p/&UserName=" + std::string(name));
  }
  const auto first = iam_.call("Action=ListUsers&MaxItems=3");
  EXPECT_EQ(first.texts("UserName"), (std::vector<std::string>{"A", "B", "c"}));
  EXPECT_EQ(first.text("IsTruncated"), "true");
  const auto second =
      iam_.call("Action=ListUsers&MaxItems=3&Marker=" + base::percent_encode(first.text("Marker")));
  EXPECT_EQ(second.texts("UserName"), std::vector<std::string>{"d"});
  EXPECT_EQ(second.text("IsTruncated"), "false");
  EXPECT_FALSE(second.has("Marker"));
  EXPECT_TRUE(iam_.call("Action=ListUsers&PathPrefix=/other/").has("Users"));
  EXPECT_EQ(iam_.call("Action=ListUsers&Marker=bogus").message, "Invalid Marker.");
}

TEST_F(Users, AreRefusedInTheServicesWords) {
  EXPECT_EQ(iam_.call("Action=CreateUser").message,
            "The request must contain the parameter UserName.");
  EXPECT_EQ(iam_.call("Action=CreateUser&UserName=a%20b").message,
            "The specified value for userName is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-");
  EXPECT_EQ(iam_.call("Action=CreateUser&UserName=" + std::string(65, 'a')).message,
            "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member "
            "must have length less than or equal to 64");
}

TEST_F(Users, WithoutARightAreToldWhichOne) {
  iam_.call("Action=CreateUser&UserName=dev&Path=/p/");
  const auto denied = iam_.call("Action=DeleteUser&UserName=dev", iam_.user("dev"));
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.message,
            "User: arn:aws:iam::123456789012:user/p/dev is not authorized to perform: "
            "iam:DeleteUser on resource: user dev because no identity-based policy allows the "
            "iam:DeleteUser action");
  EXPECT_EQ(denied.resource, "arn:aws:iam::123456789012:user/p/dev");
  EXPECT_EQ(iam_.call("Action=ListUsers", iam_.user("dev")).resource,
            "arn:aws:iam::123456789012:user/");
}

/// The one policy of user `m`.
std::string policy_of_m(const std::string& statements) {
  return "Action=PutUserPolicy&UserName=m&PolicyName=p&PolicyDocument=" +
         base::percent_encode(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}");
}

TEST_F(UsersWithPolicies, NeedARightToWhatTheyRenameAndToWhatItBecomes) {
  iam_.call("Action=CreateUser&UserName=m&Path=/dev/");
  iam_.call(policy_of_m(
      R"({"Effect":"Allow","Action":"iam:UpdateUser","Resource":"arn:aws:iam::123456789012:user/dev/*"})"));
  const auto denied =
      iam_.call("Action=UpdateUser&UserName=m&NewUserName=n&NewPath=/admin/", iam_.user("m"));
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.message,
            "User: arn:aws:iam::123456789012:user/dev/m is not authorized to perform: "
            "iam:UpdateUser on resource: user n because no identity-based policy allows the "
            "iam:UpdateUser action");
  EXPECT_EQ(denied.resource, "arn:aws:iam::123456789012:user/admin/n");
  EXPECT_EQ(iam_.call("Action=UpdateUser&UserName=m&NewPath=/dev/x/", iam_.user("m")).status, 200);
  EXPECT_EQ(iam_.call("Action=GetUser&UserName=m").text("Path"), "/dev/x/");
}

TEST_F(UsersWithPolicies, NeedARightToTheTagsOfWhatTheyCreate) {
  iam_.call("Action=CreateUser&UserName=m");
  iam_.call(policy_of_m(R"({"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"})"));
  const std::string create = "Action=CreateUser&UserName=n&Path=/x/";
  const std::string with_tag = "&Tags.member.1.Key=a&Tags.member.1.Value=b";
  const auto denied = iam_.call(create + with_tag, iam_.user("m"));
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.message,
            "User: arn:aws:iam::123456789012:user/m is not authorized to perform: iam:TagUser on "
            "resource: arn:aws:iam::123456789012:user/x/n because no identity-based policy allows "
            "the iam:TagUser action");
  ASSERT_EQ(denied.permissions.size(), 2U);
  EXPECT_TRUE(denied.permissions[0].allowed);
  EXPECT_FALSE(denied.permissions[1].allowed);
  EXPECT_EQ(iam_.call(create, iam_.user("m")).status, 200);
  iam_.call("Action=DeleteUser&UserName=n");

  iam_.call(policy_of_m(
      R"({"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"},)"
      R"({"Effect":"Allow","Action":"iam:TagUser","Resource":"arn:aws:iam::123456789012:user/x/*",)"
      R"("Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}})"));
  EXPECT_EQ(iam_.call(create + with_tag, iam_.user("m")).status, 200);
}

TEST_F(Users, TellWhenTheirPasswordWasLastUsed) {
  const std::string id = iam_.call("Action=CreateUser&UserName=dev").text("UserId");
  EXPECT_FALSE(iam_.call("Action=GetUser&UserName=dev").has("PasswordLastUsed"));
  iam_.usage.note({id, iam_.clock.now(), "signin", "us-east-1"});
  for (const char* call : {"Action=GetUser&UserName=dev", "Action=ListUsers"}) {
    EXPECT_EQ(iam_.call(call).text("PasswordLastUsed"), "2026-01-01T00:00:00Z");
  }
}

TEST_F(Users, HavePathsOf512CharactersAtMost) {
  const auto create = [&](const std::string& path) {
    return iam_.call("Action=CreateUser&UserName=dev&Path=" + path);
  };
  const std::string middle(510, 'a');
  const std::string too_long =
      "1 validation error detected: Value at 'path' failed to satisfy constraint: Member must have "
      "length less than or equal to 512";
  EXPECT_EQ(create("/a" + middle + "/").message, too_long);
  EXPECT_EQ(create(middle + middle).message, too_long);
  EXPECT_EQ(create("/" + middle + "a").message.substr(0, 45),
            "The specified value for path is invalid. It m");
  EXPECT_EQ(create("/" + middle + "/").status, 200);
}

TEST_F(Users, AreNotMadeWhenTheStoreFails) {
  iam_.store.fail_next = true;
  const auto failed = iam_.call("Action=CreateUser&UserName=dev");
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.code, "ServiceFailure");
  EXPECT_EQ(iam_.call("Action=GetUser&UserName=dev").status, 404);
  EXPECT_EQ(iam_.call("Action=CreateUser&UserName=dev").status, 200);
}

TEST_F(Users, HaveTagsWithoutCase) {
  iam_.call("Action=CreateUser&UserName=dev");
  iam_.call("Action=TagUser&UserName=dev&Tags.member.1.Key=Team&Tags.member.1.Value=a");
  iam_.call("Action=TagUser&UserName=dev&Tags.member.1.Key=team&Tags.member.1.Value=b");
  const auto tags = iam_.call("Action=ListUserTags&UserName=dev");
  EXPECT_EQ(tags.texts("Key"), std::vector<std::string>{"team"});
  EXPECT_EQ(tags.texts("Value"), std::vector<std::string>{"b"});
  const auto twice = iam_.call(
      "Action=TagUser&UserName=dev&Tags.member.1.Key=a&Tags.member.1.Value=&Tags.member.2.Key=A"
      "&Tags.member.2.Value=");
  EXPECT_EQ(twice.code, "InvalidInput");
  EXPECT_EQ(twice.message,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  iam_.call("Action=UntagUser&UserName=dev&TagKeys.member.1=TEAM");
  EXPECT_TRUE(iam_.call("Action=ListUserTags&UserName=dev").texts("Key").empty());
}

TEST_F(Users, HaveTagsOfLettersSeparatorsAndNumbersOfAnyScript) {
  iam_.call("Action=CreateUser&UserName=dev");
  const auto tag = [&](std::string_view key, std::string_view value) {
    const auto answer =
        iam_.call("Action=TagUser&UserName=dev" + support::field("Tags.member.1.Key", key) +
                  support::field("Tags.member.1.Value", value));
    return answer.status == 200 ? "ok" : answer.message;
  };
  const std::string refused = "1 validation error detected: Value at 'tags.1.member.";
  const std::string pattern = R"(regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@])";
  const std::string must = "' failed to satisfy constraint: Member must satisfy ";
  EXPECT_EQ(tag("Отдел", "コスト 中心_９"), "ok");
  EXPECT_EQ(tag("🚀", "v"), refused + "key" + must + pattern + "+");
  EXPECT_EQ(tag("k", "🚀"), refused + "value" + must + pattern + "*");
  EXPECT_EQ(tag("k", "e\u0301"), refused + "value" + must + pattern + "*");
  for (const std::string& bad : {std::string("R&D"), std::string(129, 'k')}) {
    EXPECT_EQ(
        iam_.call("Action=UntagUser&UserName=dev" + support::field("TagKeys.member.1", bad))
            .message,
        "1 validation error detected: Value at 'tagKeys" + must +
            "constraint: [Member must have length less than or equal to 128, Member must have "
            "length greater than or equal to 1, Member must satisfy " +
            pattern + "+, Member must not be null]");
  }
}

}  // namespace
}  // namespace imdsd::iam::api
