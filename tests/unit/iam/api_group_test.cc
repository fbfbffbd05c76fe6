// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/policy_parser.h"
#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

class Groups : public ::testing::Test {
 protected:
  support::IamWorld iam_{{user_operations(), group_operations()}};
};

TEST_F(Groups, LiveFromCreationToDeletion) {
  const auto created = iam_.call("Action=CreateGroup&GroupName=Devs&Path=/team/");
  EXPECT_EQ(created.text("Arn"), "arn:aws:iam::123456789012:group/team/Devs");
  EXPECT_EQ(created.text("GroupId").substr(0, 4), "AGPA");
  EXPECT_EQ(created.text("CreateDate"), "2026-01-01T00:00:00Z");
  const auto again = iam_.call("Action=CreateGroup&GroupName=devs");
  EXPECT_EQ(again.code, "EntityAlreadyExists");
  EXPECT_EQ(again.message, "Group with name devs already exists.");
  const auto got = iam_.call("Action=GetGroup&GroupName=devs");
  EXPECT_EQ(got.text("GroupId"), created.text("GroupId"));
  EXPECT_TRUE(got.has("Users"));
  EXPECT_EQ(iam_.call("Action=DeleteGroup&GroupName=devs").status, 200);
  const auto gone = iam_.call("Action=GetGroup&GroupName=devs");
  EXPECT_EQ(gone.code, "NoSuchEntity");
  EXPECT_EQ(gone.message, "The group with name devs cannot be found.");
}

TEST_F(Groups, KeepIdAndMembersWhenRenamed) {
  iam_.call("Action=CreateUser&UserName=dev");
  const std::string id = iam_.call("Action=CreateGroup&GroupName=a").text("GroupId");
  iam_.call("Action=CreateGroup&GroupName=taken");
  iam_.call("Action=AddUserToGroup&GroupName=a&UserName=dev");
  EXPECT_EQ(iam_.call("Action=UpdateGroup&GroupName=a&NewGroupName=Taken").code,
            "EntityAlreadyExists");
  EXPECT_EQ(iam_.call("Action=UpdateGroup&GroupName=a&NewGroupName=b&NewPath=/p/").status, 200);
  const auto renamed = iam_.call("Action=GetGroup&GroupName=b");
  EXPECT_EQ(renamed.text("GroupId"), id);
  EXPECT_EQ(renamed.text("Arn"), "arn:aws:iam::123456789012:group/p/b");
  EXPECT_EQ(renamed.text("UserName"), "dev");
}

TEST_F(Groups, ListTheirMembersInPages) {
  iam_.call("Action=CreateGroup&GroupName=devs");
  for (const char* name : {"c", "A", "b"}) {
    iam_.call("Action=CreateUser&UserName=" + std::string(name));
    EXPECT_EQ(
        iam_.call("Action=AddUserToGroup&GroupName=devs&UserName=" + std::string(name)).status,
        200);
  }
  const auto first = iam_.call("Action=GetGroup&GroupName=devs&MaxItems=2");
  EXPECT_EQ(first.texts("UserName"), (std::vector<std::string>{"A", "b"}));
  const auto second = iam_.call("Action=GetGroup&GroupName=devs&Marker=" +
                                base::percent_encode(first.text("Marker")));
  EXPECT_EQ(second.texts("UserName"), std::vector<std::string>{"c"});
  EXPECT_EQ(second.text("IsTruncated"), "false");
}

TEST_F(Groups, OfAUserAreTenAtMost) {
  iam_.call("Action=CreateUser&UserName=dev");
  for (int i = 0; i < 10; ++i) {
    const std::string name = "g" + std::to_string(i);
    iam_.call("Action=CreateGroup&GroupName=" + name);
    iam_.call("Action=AddUserToGroup&UserName=dev&GroupName=" + name);
  }
  EXPECT_EQ(iam_.call("Action=AddUserToGroup&UserName=dev&GroupName=g0").status, 200);
  EXPECT_EQ(iam_.call("Action=ListGroupsForUser&UserName=dev").texts("GroupName").size(), 10U);
  iam_.call("Action=CreateGroup&GroupName=more");
  const auto more = iam_.call("Action=AddUserToGroup&UserName=dev&GroupName=more");
  EXPECT_EQ(more.code, "LimitExceeded");
  EXPECT_EQ(more.message, "Cannot exceed quota for GroupsPerUser: 10");
}

TEST_F(Groups, WithMembersAreNotDeleted) {
  iam_.call("Action=CreateUser&UserName=dev");
  iam_.call("Action=CreateGroup&GroupName=devs");
  iam_.call("Action=AddUserToGroup&UserName=dev&GroupName=devs");
  const auto conflict = iam_.call("Action=DeleteGroup&GroupName=devs");
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.code, "DeleteConflict");
  EXPECT_EQ(conflict.message, "Cannot delete entity, must remove users from group first.");
  EXPECT_EQ(iam_.call("Action=RemoveUserFromGroup&UserName=dev&GroupName=devs").status, 200);
  EXPECT_TRUE(iam_.call("Action=ListGroupsForUser&UserName=dev").texts("GroupName").empty());
  EXPECT_EQ(iam_.call("Action=DeleteGroup&GroupName=devs").status, 200);
}

TEST_F(Groups, WithPoliciesAreNotDeleted) {
  iam_.call("Action=CreateGroup&GroupName=devs");
  const auto change = [&](auto edit) {
    ASSERT_TRUE(iam_.service.write([&](Transaction& transaction) {
      Group group = *transaction.directory().find<Group>(support::kIamAccount, "devs");
      edit(group.grants);
      transaction.put(std::move(group));
      return true;
    }));
  };
  change([](Grants& grants) {
    grants.attached.push_back({"arn:aws:iam::aws:policy/ReadOnlyAccess", Origin::api});
    const auto document = parse_policy(
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})",
        PolicyKind::identity);
    grants.inline_policies.push_back(
        {{"p", "", std::make_shared<const PolicyDocument>(document->document)}, Origin::api});
  });
  EXPECT_EQ(iam_.call("Action=DeleteGroup&GroupName=devs").message,
            "Cannot delete entity, must detach all policies first.");
  change([](Grants& grants) { grants.attached.clear(); });
  EXPECT_EQ(iam_.call("Action=DeleteGroup&GroupName=devs").message,
            "Cannot delete entity, must delete policies first.");
}

TEST_F(Groups, ThatAreNotThereAreNamed) {
  iam_.call("Action=CreateUser&UserName=dev");
  iam_.call("Action=CreateGroup&GroupName=devs");
  EXPECT_EQ(iam_.call("Action=AddUserToGroup&UserName=dev&GroupName=no").message,
            "The group with name no cannot be found.");
  EXPECT_EQ(iam_.call("Action=AddUserToGroup&UserName=no&GroupName=devs").message,
            "The user with name no cannot be found.");
  EXPECT_EQ(iam_.call("Action=RemoveUserFromGroup&UserName=no&GroupName=no").message,
            "The user with name no cannot be found.");
  EXPECT_EQ(iam_.call("Action=RemoveUserFromGroup&UserName=dev&GroupName=no").message,
            "The group with name no cannot be found.");
  EXPECT_EQ(iam_.call("Action=RemoveUserFromGroup&UserName=dev&GroupName=devs").status, 200);
  EXPECT_EQ(iam_.call("Action=ListGroupsForUser&UserName=no").code, "NoSuchEntity");
}

TEST_F(Groups, AreListedByPath) {
  iam_.call("Action=CreateGroup&GroupName=a&Path=/x/");
  iam_.call("Action=CreateGroup&GroupName=b");
  const auto listed = iam_.call("Action=ListGroups&PathPrefix=/x/");
  EXPECT_EQ(listed.texts("GroupName"), std::vector<std::string>{"a"});
  EXPECT_EQ(listed.resource, "arn:aws:iam::123456789012:group/x/");
}

}  // namespace
}  // namespace imdsd::iam::api
