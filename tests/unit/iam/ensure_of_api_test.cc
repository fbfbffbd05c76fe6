// SPDX-License-Identifier: MIT
#include <map>

#include "tests/unit/iam/ensure_fixture.h"

namespace imdsd::iam {
namespace {

using namespace ensured;

using Tags = std::vector<std::string>;

template <class T>
Tags tags_of(const std::shared_ptr<const T>& entity) {
  Tags out;
  for (const Tag& tag : entity->tags) out.push_back(tag.key + "=" + tag.value);
  return out;
}

TEST_F(EnsureTest, TagsAreTheFilesOrTheApis) {
  Declarations declarations = small();
  declarations.users[0].tags = std::vector{Tag{"team", "blue"}, Tag{"cost", "1"}};
  ensure(declarations);
  User changed = clone(*user_named("Dev"));
  changed.tags[1] = {"cost", "2", Origin::api};
  changed.tags.push_back({"by", "api", Origin::api});
  put(std::move(changed));
  declarations.users[0].tags.reset();
  ASSERT_EQ(ensure(declarations), Messages{});
  EXPECT_EQ(tags_of(user_named("Dev")), (Tags{"cost=2", "by=api"}));
  declarations.users[0].tags = std::vector{Tag{"team", "red"}, Tag{"by", "api"}};
  ASSERT_EQ(ensure(declarations), Messages{});
  EXPECT_EQ(tags_of(user_named("Dev")), (Tags{"team=red", "by=api"})) << "declared, they are all";
  ASSERT_EQ(ensure({}), Messages{});
  ASSERT_EQ(report_.removed.size(), 3U);
  EXPECT_EQ(report_.removed[1].lost, Messages{"tag `by`"});
}

class EnsureLostTest : public EnsureTest {
 protected:
  template <class T>
  static T made(std::string unique_id) {
    T entity;
    entity.account = kAccount;
    entity.name = "made";
    entity.unique_id = std::move(unique_id);
    return entity;
  }
  /// To what TellsAllThatTheApiGave declares.
  void give_by_api() {
    const std::string limits = "arn:aws:iam::123456789012:policy/limits";
    Group group = made<Group>("AGPAQAAAAAAAAAAAAAAAA");
    group.grants.attached = {{limits, Origin::api}};
    Role role = made<Role>("AROAQAAAAAAAAAAAAAAAA");
    role.grants.attached = {{limits, Origin::api}};
    InstanceProfile profile = made<InstanceProfile>("AIPAQAAAAAAAAAAAAAAAA");
    profile.role = "app-role";
    User user = made<User>("AIDAQAAAAAAAAAAAAAAAA");
    user.boundary = limits;
    user.grants.attached = {{limits, Origin::api}};
    user.groups = {{directory_.find<Group>(kAccount, "admins")->unique_id, Origin::api}};
    User dev = clone(*user_named("Dev"));
    dev.login_profile = LoginProfile();
    dev.tags.push_back({"by", "api"});
    dev.groups.push_back({group.unique_id, Origin::api});
    MfaDevice phone = made<MfaDevice>("arn:aws:iam::123456789012:mfa/phone");
    phone.user_id = dev.unique_id;
    InstanceProfile spare = *directory_.find<InstanceProfile>(kAccount, "spare");
    spare.role = "made";
    ManagedPolicy policy = *directory_.find<ManagedPolicy>(kAccount, "limits");
    policy.versions.push_back({"v2", named("limits", "Deny").document, {}});
    put(std::move(group));
    put(std::move(role));
    put(std::move(profile));
    put(std::move(user));
    put(std::move(dev));
    put(std::move(phone));
    put(std::move(spare));
    put(std::move(policy));
  }
};

/// All that the API can do to entities of the file's is named when they go.
TEST_F(EnsureLostTest, TellsAllThatTheApiGave) {
  Declarations declarations = small();
  declarations.users[0].tags = std::vector{Tag{"team", "blue"}};
  Declarations::DeclaredGroup group;
  name(group, "admins");
  group.attached = {kAdministratorAccess};
  declarations.groups.push_back(std::move(group));
  Declarations::DeclaredPolicy policy;
  name(policy, "limits");
  policy.document = named("limits").document;
  declarations.policies.push_back(std::move(policy));
  declarations.instance_profiles.push_back(profile("spare", ""));
  ASSERT_EQ(ensure(declarations), Messages{});
  give_by_api();

  ASSERT_EQ(ensure({}), Messages{});
  std::map<std::string, Messages> lost;
  for (const auto& [arn, items] : report_.removed) lost[arn] = items;
  const std::string arn = "arn:aws:iam::123456789012:";
  const std::map<std::string, Messages> expected{
      {arn + "user/team/Dev",
       {"tag `by`", "membership of group `made`", "login profile",
        "MFA device " + arn + "mfa/phone"}},
      {arn + "group/admins", {"member `made`"}},
      {arn + "role/apps/app-role", {"place in instance profile `made`"}},
      {arn + "instance-profile/app-role", {}},
      {arn + "instance-profile/spare", {"role `made`"}},
      {arn + "policy/limits",
       {"version v2", "attachment to group `made`", "attachment to user `made`",
        "attachment to role `made`", "boundary of user `made`"}},
  };
  EXPECT_EQ(lost, expected);
  EXPECT_TRUE(report_.taken_back.empty());
}

/// A user of the API's, with an inline policy, and a group.
class EnsureOfApiTest : public EnsureTest {
 protected:
  EnsureOfApiTest() {
    User dev;
    dev.account = kAccount;
    dev.name = "Dev";
    dev.unique_id = "AIDAQAAAAAAAAAAAAAAAA";
    dev.grants.inline_policies = {{named("by-api"), Origin::api}, {named("shared"), Origin::api}};
    put(std::move(dev));
    Group group;
    group.account = kAccount;
    group.name = "Admins";
    group.unique_id = "AGPAQAAAAAAAAAAAAAAAA";
    put(std::move(group));
  }
};

TEST_F(EnsureOfApiTest, TakesBackWhatTheFileHadGiven) {
  Declarations declarations = small();
  declarations.users[0].policies.push_back(named("shared", "Deny"));
  declarations.users[0].attached = {kAdministratorAccess};
  declarations.users[0].groups = {"admins"};
  ASSERT_EQ(ensure(declarations), Messages{});
  EXPECT_TRUE(report_.taken_back.empty());
  EXPECT_EQ(user_named("Dev")->grants.inline_policies.size(), 3U);

  ASSERT_EQ(ensure({}), Messages{});
  const auto dev = user_named("Dev");
  ASSERT_TRUE(dev);
  EXPECT_EQ(dev->unique_id, "AIDAQAAAAAAAAAAAAAAAA");
  ASSERT_EQ(dev->grants.inline_policies.size(), 1U) << "the API's own";
  EXPECT_EQ(dev->grants.inline_policies[0].name, "by-api");
  EXPECT_TRUE(dev->grants.attached.empty());
  EXPECT_TRUE(dev->groups.empty());
  EXPECT_FALSE(directory_.find_access_key("AKIAIOSFODNN7EXAMPLE"));
  ASSERT_EQ(report_.taken_back.size(), 1U);
  EXPECT_EQ(report_.taken_back[0].arn, arn_of(*dev));
  EXPECT_EQ(report_.taken_back[0].items,
            (Messages{"policy `dev`", "policy `shared`", "attached " + kAdministratorAccess,
                      "access key AKIAIOSFODNN7EXAMPLE", "membership of group `Admins`"}));

  ASSERT_EQ(ensure({}), Messages{});
  EXPECT_TRUE(report_.taken_back.empty());
  EXPECT_EQ(changes_, 0U);
}

TEST_F(EnsureOfApiTest, TakesBackWhatTheFileHadGivenToGroupsAndRoles) {
  Declarations declarations;
  Declarations::DeclaredGroup group;
  name(group, "admins");
  group.attached = {kAdministratorAccess};
  declarations.groups.push_back(std::move(group));
  declarations.roles.push_back(role("worker", kEc2));
  declarations.roles[0].policies = {named("work")};
  Role worker;
  worker.account = kAccount;
  worker.name = "worker";
  worker.unique_id = "AROAQAAAAAAAAAAAAAAAA";
  worker.trust_policy = {kTrustPolicyName, "",
                         std::make_shared<const PolicyDocument>(trusting(kEc2))};
  put(std::move(worker));
  ASSERT_EQ(ensure(declarations), Messages{});
  ASSERT_EQ(ensure({}), Messages{});
  ASSERT_EQ(report_.taken_back.size(), 2U);
  EXPECT_TRUE(directory_.find<Group>(kAccount, "admins")->grants.attached.empty());
  EXPECT_TRUE(role_named("worker")->grants.inline_policies.empty());
}

TEST_F(EnsureOfApiTest, GivesAKeyThatWasTakenBackToAnother) {
  ASSERT_EQ(ensure(small()), Messages{});
  Declarations declarations;
  declarations.users.push_back(user("other"));
  declarations.users[0].access_keys.push_back(
      {"AKIAIOSFODNN7EXAMPLE", base::Secret("secret"), true});
  ASSERT_EQ(ensure(declarations), Messages{});
  EXPECT_EQ(directory_.find_access_key("AKIAIOSFODNN7EXAMPLE")->user->name, "other");
}

}  // namespace
}  // namespace imdsd::iam
