// SPDX-License-Identifier: MIT
#include <map>

#include <gtest/gtest.h>

#include "iam/declarations.h"
#include "iam/entity_codec.h"
#include "iam/policies_of.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::iam {
namespace {

const std::string kAccount = "123456789012";
const std::string kOther = "210987654321";
const std::string kEc2 = R"({"Service":"ec2.amazonaws.com"})";
const std::string kAdministratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

PolicyDocument document(const std::string& statement, PolicyKind kind) {
  auto parsed = parse_policy(R"({"Version":"2012-10-17","Statement":)" + statement + "}", kind);
  EXPECT_TRUE(parsed) << statement << ": " << parsed.error().message;
  return parsed ? std::move(parsed->document) : PolicyDocument();
}

PolicyDocument trusting(const std::string& principal) {
  return document(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":)" + principal + "}",
                  PolicyKind::trust);
}

NamedPolicy named(std::string name, const std::string& effect = "Allow") {
  return {
      std::move(name), "",
      std::make_shared<const PolicyDocument>(document(
          R"({"Effect":")" + effect + R"(","Action":"*","Resource":"*"})", PolicyKind::identity))};
}

void name(Declarations::Named& declared, std::string what, std::string account = kAccount) {
  declared.account = std::move(account);
  declared.name = std::move(what);
}

Declarations::DeclaredRole role(std::string what, const std::string& trusted,
                                std::string account = kAccount) {
  Declarations::DeclaredRole declared;
  name(declared, std::move(what), std::move(account));
  declared.trust_policy = trusting(trusted);
  return declared;
}

Declarations::DeclaredUser user(std::string what) {
  Declarations::DeclaredUser declared;
  name(declared, std::move(what));
  return declared;
}

Declarations::DeclaredInstanceProfile profile(std::string what, std::string of_role) {
  Declarations::DeclaredInstanceProfile declared;
  name(declared, std::move(what));
  declared.role = std::move(of_role);
  return declared;
}

Declarations small() {
  Declarations out;
  auto dev = user("Dev");
  dev.path = "/team/";
  dev.policies = {named("dev")};
  dev.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("secret"), true});
  out.users.push_back(std::move(dev));
  out.roles.push_back(role("app-role", kEc2));
  out.roles.back().path = "/apps/";
  out.roles.back().policies = {named("app")};
  return out;
}

/// A directory that a file is ensured in again and again.
class EnsureTest : public ::testing::Test {
 protected:
  std::vector<std::string> ensure(const Declarations& declarations, const KnownIds& ids = {}) {
    Transaction transaction(directory_, base::SystemTime(std::chrono::seconds(1'000)), random_);
    auto ensured = iam::ensure(declarations, ids, transaction);
    std::vector<std::string> messages;
    if (ensured) {
      directory_ = transaction.directory();
      report_ = *std::move(ensured);
      changes_ = transaction.changes().size();
    } else {
      for (const base::Error& error : ensured.error()) messages.push_back(error.message);
    }
    return messages;
  }
  /// As the API does it.
  template <class T>
  void put(T entity) {
    directory_.put(std::make_shared<const T>(std::move(entity)));
  }
  template <class T>
  static T made(std::string unique_id) {
    T entity;
    entity.account = kAccount;
    entity.name = "made";
    entity.unique_id = std::move(unique_id);
    return entity;
  }
  /// To what TellsAllThatIsLost declares.
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
  std::shared_ptr<const User> user_named(const std::string& what) {
    return directory_.find<User>(kAccount, what);
  }
  std::shared_ptr<const Role> role_named(const std::string& what) {
    return directory_.find<Role>(kAccount, what);
  }

  fakes::ScriptedRandom random_;
  Directory directory_;
  EnsureReport report_;
  std::size_t changes_ = 0;
};

using Messages = std::vector<std::string>;

TEST_F(EnsureTest, MakesWhatTheFileDeclares) {
  ASSERT_EQ(ensure(small()), Messages{});
  const auto dev = user_named("dEV");
  ASSERT_TRUE(dev);
  EXPECT_EQ(arn_of(*dev), "arn:aws:iam::123456789012:user/team/Dev");
  EXPECT_EQ(arn_of(*dev, "aws-cn"), "arn:aws-cn:iam::123456789012:user/team/Dev");
  EXPECT_EQ(dev->origin, Origin::config);
  EXPECT_EQ(aws::account_in_id(dev->unique_id)->text(), kAccount);
  EXPECT_EQ(directory_.find_access_key("AKIAIOSFODNN7EXAMPLE")->user, dev);
  const auto profile = directory_.find<InstanceProfile>(kAccount, "APP-ROLE");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->role, "app-role");
  EXPECT_FALSE(directory_.find<Role>(kOther, "app-role"));
}

TEST_F(EnsureTest, ChangesNothingTheSecondTime) {
  ensure(small());
  const std::string before = encode_entity(user_named("Dev"));
  EXPECT_EQ(ensure(small()), Messages{});
  EXPECT_EQ(changes_, 0u);
  EXPECT_EQ(encode_entity(user_named("Dev")), before);
}

TEST_F(EnsureTest, KeepsIdsThatAreKnownFromBefore) {
  const std::string id = "AROAYZUFQMQZAAAAAAAAA";
  ensure(small(), {{"role/123456789012/app-role", id}});
  EXPECT_EQ(role_named("app-role")->unique_id, id);
}

TEST_F(EnsureTest, RemovesWhatTheFileNoLongerDeclaresAndTellsWhatIsLost) {
  ensure(small());
  User changed = clone(*user_named("Dev"));
  changed.grants.inline_policies.push_back({named("by-api"), Origin::api});
  put(std::move(changed));
  User api;
  api.account = kAccount;
  api.name = "made-by-api";
  api.unique_id = "AIDAQAAAAAAAAAAAAAAAA";
  put(std::move(api));
  const std::string id = role_named("app-role")->unique_id;

  ASSERT_EQ(ensure({}), Messages{});
  EXPECT_FALSE(user_named("Dev"));
  EXPECT_FALSE(role_named("app-role"));
  EXPECT_FALSE(directory_.find<InstanceProfile>(kAccount, "app-role"));
  EXPECT_TRUE(user_named("made-by-api"));
  ASSERT_EQ(report_.removed.size(), 3u);
  EXPECT_EQ(report_.removed[1].arn, "arn:aws:iam::123456789012:user/team/Dev");
  EXPECT_EQ(report_.removed[1].lost, Messages{"policy `by-api`"});

  ensure(small());
  EXPECT_NE(role_named("app-role")->unique_id, id) << "declared again, it is another one";
}

TEST_F(EnsureTest, LetsUndeclaredFieldsStayAndDeclaredOnesWin) {
  ensure(small());
  Role changed = *role_named("app-role");
  changed.description = "by the API";
  changed.max_session_duration = std::chrono::hours(2);
  changed.grants.inline_policies.insert(changed.grants.inline_policies.begin(),
                                        {named("aaa-by-api"), Origin::api});
  changed.grants.inline_policies.back().document = named("app", "Deny").document;
  put(std::move(changed));
  Declarations declarations = small();
  declarations.roles[0].max_session_duration = std::chrono::hours(3);
  ASSERT_EQ(ensure(declarations), Messages{});
  const auto role = role_named("app-role");
  EXPECT_EQ(role->description, "by the API");
  EXPECT_EQ(role->max_session_duration, std::chrono::hours(3));
  ASSERT_EQ(role->grants.inline_policies.size(), 2u);
  EXPECT_EQ(role->grants.inline_policies[0].name, "aaa-by-api");
  EXPECT_EQ(role->grants.inline_policies[1].document->statements[0].effect, Effect::allow);
}

TEST_F(EnsureTest, LeavesTheStatusOfAKeyToTheApi) {
  ensure(small());
  User changed = clone(*user_named("Dev"));
  changed.access_keys[0].active = false;
  put(std::move(changed));
  Declarations declarations = small();
  declarations.users[0].access_keys[0].secret = base::Secret("another");
  ASSERT_EQ(ensure(declarations), Messages{});
  const auto dev = user_named("Dev");
  EXPECT_FALSE(dev->access_keys[0].active);
  EXPECT_EQ(dev->access_keys[0].secret.reveal(), "another");
}

TEST_F(EnsureTest, DropsWhatTheFileHadGivenAlone) {
  Declarations declarations = small();
  declarations.users[0].attached = {kAdministratorAccess};
  ensure(declarations);
  EXPECT_EQ(directory_.attachment_count(kAccount, kAdministratorAccess), 1u);
  User changed = clone(*user_named("Dev"));
  changed.access_keys.push_back({"AKIAMADEBYAPI0000000", base::Secret("s"), true, {}, Origin::api});
  put(std::move(changed));
  declarations = small();
  declarations.users[0].policies.clear();
  declarations.users[0].access_keys.clear();
  ensure(declarations);
  const auto dev = user_named("Dev");
  EXPECT_TRUE(dev->grants.inline_policies.empty());
  EXPECT_TRUE(dev->grants.attached.empty());
  EXPECT_EQ(directory_.attachment_count(kAccount, kAdministratorAccess), 0u);
  EXPECT_FALSE(directory_.find_access_key("AKIAIOSFODNN7EXAMPLE"));
  EXPECT_TRUE(directory_.find_access_key("AKIAMADEBYAPI0000000"));
}

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

/// All that the API can do to entities of the file's is named when they go.
TEST_F(EnsureTest, TellsAllThatIsLost) {
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

class EnsurePolicyTest : public EnsureTest {
 protected:
  Messages ensure_text(const std::string& action) {
    Declarations declarations;
    Declarations::DeclaredPolicy policy;
    name(policy, "limits");
    policy.document = allow(action);
    declarations.policies.push_back(std::move(policy));
    return ensure(declarations);
  }
  void add_by_api(const std::string& action, bool as_default) {
    ManagedPolicy policy = *limits();
    const std::string id = "v" + std::to_string(++policy.last_version);
    policy.versions.push_back({id, allow(action), {}, Origin::api});
    if (as_default) policy.default_version = id;
    put(std::move(policy));
  }
  /// "v1:s3:Get* v2:s3:Put* (v1)", the default one in brackets.
  std::string versions() {
    std::string out;
    for (const ManagedPolicyVersion& version : limits()->versions) {
      out += version.id + ":" + action_of(*version.document) + " ";
    }
    return out + "(" + limits()->default_version + ")";
  }
  std::shared_ptr<const ManagedPolicy> limits() {
    return directory_.find<ManagedPolicy>(kAccount, "limits");
  }

 private:
  static std::string action_of(const PolicyDocument& document) {
    const std::string before = R"("Action":")";
    const auto begin = document.text.find(before) + before.size();
    return document.text.substr(begin, document.text.find('"', begin) - begin);
  }
  static std::shared_ptr<const PolicyDocument> allow(const std::string& action) {
    return std::make_shared<const PolicyDocument>(document(
        R"({"Effect":"Allow","Action":")" + action + R"(","Resource":"*"})", PolicyKind::identity));
  }
};

TEST_F(EnsurePolicyTest, MakesTheFilesVersionTheDefaultAgain) {
  ensure_text("s3:Get*");
  add_by_api("s3:Put*", true);
  ASSERT_EQ(ensure_text("s3:Get*"), Messages{});
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:Put* (v1)");
  ASSERT_EQ(report_.versions.size(), 1U);
  EXPECT_EQ(report_.versions[0].arn, "arn:aws:iam::123456789012:policy/limits");
  EXPECT_EQ(report_.versions[0].default_version, "v1");
  EXPECT_EQ(report_.versions[0].overruled, "v2");
  EXPECT_EQ(report_.versions[0].dropped, "");
  ASSERT_EQ(ensure_text("s3:Get*"), Messages{});
  EXPECT_EQ(changes_, 0U);
}

TEST_F(EnsurePolicyTest, MakesAVersionOfAnotherText) {
  ensure_text("s3:Get*");
  add_by_api("s3:Put*", false);
  ASSERT_EQ(ensure_text("s3:List*"), Messages{});
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:Put* v3:s3:List* (v3)");
  EXPECT_TRUE(report_.versions.empty()) << "the former default was the file's";
  ensure_text("s3:Put*");
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:Put* v3:s3:List* (v2)") << "a text that is there";
}

TEST_F(EnsurePolicyTest, KeepsToFiveVersions) {
  ensure_text("s3:Get*");
  add_by_api("s3:Put*", false);
  ensure_text("s3:List*");
  add_by_api("s3:A", true);
  add_by_api("s3:B", false);
  ensure_text("s3:C");
  EXPECT_EQ(versions(), "v2:s3:Put* v3:s3:List* v4:s3:A v5:s3:B v6:s3:C (v6)");
  ASSERT_EQ(report_.versions.size(), 1U);
  EXPECT_EQ(report_.versions[0].overruled, "v4");
  EXPECT_EQ(report_.versions[0].dropped, "") << "that was the file's own";
  ensure_text("s3:D");
  EXPECT_EQ(versions(), "v2:s3:Put* v4:s3:A v5:s3:B v6:s3:C v7:s3:D (v7)");
  ManagedPolicy changed = *limits();
  for (ManagedPolicyVersion& version : changed.versions) version.origin = Origin::api;
  changed.default_version = "v2";
  put(std::move(changed));
  ensure_text("s3:E");
  EXPECT_EQ(versions(), "v2:s3:Put* v5:s3:B v6:s3:C v7:s3:D v8:s3:E (v8)");
  ASSERT_EQ(report_.versions.size(), 1U);
  EXPECT_EQ(report_.versions[0].dropped, "v4") << "the oldest that was not in force";
}

TEST_F(EnsurePolicyTest, TakesItsVersionsBackFromAPolicyOfTheApis) {
  ensure_text("s3:Get*");
  ManagedPolicy changed = *limits();
  changed.origin = changed.versions[0].origin = Origin::api;
  put(std::move(changed));
  ensure_text("s3:List*");
  EXPECT_EQ(versions(), "v1:s3:Get* v2:s3:List* (v2)");
  ASSERT_EQ(ensure({}), Messages{});
  EXPECT_EQ(versions(), "v1:s3:Get* (v1)");
  ASSERT_EQ(report_.taken_back.size(), 1U);
  EXPECT_EQ(report_.taken_back[0].items, Messages{"version v2"});
  ensure_text("s3:List*");
  changed = *limits();
  changed.versions.erase(changed.versions.begin());
  put(std::move(changed));
  ensure({});
  EXPECT_EQ(versions(), "v3:s3:List* (v3)") << "there is no other";
  EXPECT_TRUE(report_.taken_back.empty());
  ensure({});
  EXPECT_EQ(changes_, 0U);
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

TEST_F(EnsureTest, KnowsGroupsPoliciesAndBoundaries) {
  Declarations declarations = small();
  Declarations::DeclaredGroup group;
  name(group, "admins");
  group.attached = {"arn:aws:iam::123456789012:policy/teams/limits"};
  declarations.groups.push_back(std::move(group));
  Declarations::DeclaredPolicy policy;
  name(policy, "limits");
  policy.path = "/teams/";
  policy.document = named("limits").document;
  declarations.policies.push_back(std::move(policy));
  declarations.users[0].groups = {"Admins"};
  declarations.users[0].boundary = "arn:aws:iam::123456789012:policy/teams/limits";
  ASSERT_EQ(ensure(declarations), Messages{});
  Caller caller;
  caller.principal.type = PrincipalType::user;
  caller.principal.entity_id = user_named("Dev")->unique_id;
  const PolicySet policies = policies_of(caller, directory_);
  ASSERT_EQ(policies.identity.size(), 2u);
  EXPECT_EQ(policies.identity[1]->arn, "arn:aws:iam::123456789012:policy/teams/limits");
  ASSERT_TRUE(policies.boundary);
  EXPECT_EQ(policies.boundary->name, "limits");
}

/// Without its boundary a user could do more than before.
TEST_F(EnsureTest, ABoundaryWhosePolicyIsGoneAllowsNothing) {
  Declarations declarations = small();
  Declarations::DeclaredPolicy policy;
  name(policy, "limits");
  policy.document = named("limits").document;
  declarations.policies.push_back(std::move(policy));
  declarations.users[0].boundary = "arn:aws:iam::123456789012:policy/limits";
  ensure(declarations);
  declarations = small();  // says nothing of the boundary, so that it stays
  ASSERT_EQ(ensure(declarations), Messages{});
  Caller caller;
  caller.principal.type = PrincipalType::user;
  caller.principal.entity_id = user_named("Dev")->unique_id;
  const PolicySet policies = policies_of(caller, directory_);
  ASSERT_TRUE(policies.boundary);
  EXPECT_TRUE(policies.boundary->document->statements.empty());
}

TEST_F(EnsureTest, DeclaredInstanceProfileWins) {
  Declarations declarations = small();
  declarations.roles.push_back(role("other", kEc2));
  declarations.instance_profiles.push_back(profile("App-Role", "OTHER"));
  declarations.instance_profiles.back().path = "/p/";
  declarations.instance_profiles.push_back(profile("empty", ""));
  ASSERT_EQ(ensure(declarations), Messages{});
  const auto found = directory_.find<InstanceProfile>(kAccount, "app-role");
  EXPECT_EQ(found->role, "other");
  EXPECT_EQ(arn_of(*found), "arn:aws:iam::123456789012:instance-profile/p/App-Role");
  EXPECT_EQ(directory_.find<InstanceProfile>(kAccount, "empty")->role, "");
  EXPECT_TRUE(directory_.find<InstanceProfile>(kAccount, "other"));
}

TEST_F(EnsureTest, BindsTrustPoliciesToUniqueIds) {
  Declarations declarations = small();
  declarations.roles.push_back(role("chained",
                                    R"({"AWS":["arn:aws:iam::123456789012:user/team/Dev",)"
                                    R"("arn:aws:iam::123456789012:role/apps/app-role",)"
                                    R"("arn:aws:iam::123456789012:role/chained","999999999999",)"
                                    R"("arn:aws:iam::210987654321:role/far"]})"));
  declarations.roles.push_back(role("far", kEc2, kOther));
  ASSERT_EQ(ensure(declarations), Messages{});
  const auto chained = role_named("chained");
  const auto& principals = *chained->trust_policy.document->statements[0].principals;
  ASSERT_EQ(principals.size(), 5U);
  EXPECT_EQ(principals[0].unique_id, user_named("dev")->unique_id);
  EXPECT_EQ(principals[1].unique_id, role_named("app-role")->unique_id);
  EXPECT_EQ(principals[2].unique_id, chained->unique_id);
  EXPECT_EQ(principals[3].unique_id, "");
  EXPECT_EQ(principals[4].unique_id, directory_.find<Role>(kOther, "far")->unique_id);
  EXPECT_EQ(principals[0].value, "arn:aws:iam::123456789012:user/team/Dev");
}

TEST_F(EnsureTest, RefusesPrincipalsThatDoNotExist) {
  for (const std::string arn :
       {"arn:aws:iam::123456789012:user/dev", "arn:aws:iam::123456789012:user/team/dev",
        "arn:aws:iam::123456789012:role/team/Dev", "arn:aws:iam::210987654321:user/team/Dev",
        "arn:aws:iam::123456789012:role/gone", "AROAQAAAAAAAAAAAAAAAA"}) {
    Declarations declarations = small();
    declarations.roles.push_back(role("r", R"({"AWS":")" + arn + R"("})"));
    EXPECT_EQ(ensure(declarations),
              Messages{"role `r`: Invalid principal in policy: \"AWS\":\"" + arn + "\""});
  }
}

TEST_F(EnsureTest, AcceptsAUniqueIdThatExists) {
  ensure(small());
  const std::string id = role_named("app-role")->unique_id;
  Declarations declarations = small();
  declarations.roles.push_back(role("r", R"({"AWS":")" + id + R"("})"));
  ASSERT_EQ(ensure(declarations), Messages{});
  EXPECT_EQ((*role_named("r")->trust_policy.document->statements[0].principals)[0].unique_id, id);
}

TEST_F(EnsureTest, ReportsEverythingThatIsWrongAtOnce) {
  Declarations declarations;
  auto dev = user("dev");
  dev.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("s"), true});
  dev.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("s"), true});
  dev.access_keys.push_back({"short", base::Secret("s"), true});
  dev.access_keys.push_back({"AKIAIOSFODNN7EXAMPL2", base::Secret(), true});
  dev.groups = {"nobody"};
  dev.attached = {"arn:aws:iam::aws:policy/NoSuchPolicy"};
  declarations.users.push_back(std::move(dev));
  declarations.users.push_back(user("DEV"));
  auto bad = user("a b");
  bad.account = "12";
  bad.path = "x";
  declarations.users.push_back(std::move(bad));
  declarations.roles.push_back(role("r", kEc2));
  declarations.roles.push_back(role("R", kEc2));
  declarations.roles.push_back(role("long", kEc2));
  declarations.roles.back().max_session_duration = std::chrono::hours(13);
  declarations.roles.push_back(role("brief", kEc2));
  declarations.roles.back().max_session_duration = std::chrono::seconds(3599);
  declarations.instance_profiles.push_back(profile("p", "gone"));
  declarations.instance_profiles.push_back(profile("q", ""));
  declarations.instance_profiles.push_back(profile("Q", ""));
  EXPECT_EQ(ensure(declarations),
            (Messages{
                "user `dev`: there is no managed policy `arn:aws:iam::aws:policy/NoSuchPolicy`",
                "user `dev`: access key `AKIAIOSFODNN7EXAMPLE` is declared twice",
                "user `dev`: access key id `short` is not 16 to 128 letters and digits",
                "user `dev`: access key `AKIAIOSFODNN7EXAMPL2` has no secret",
                "user `dev`: there is no group `nobody`",
                "user `DEV`: declared twice",
                "user `a b`: `12` is not an account id",
                "user `a b`: a name has 1 to 64 letters, digits and characters of _+=,.@-",
                "user `a b`: path `x` does not begin and end with a slash",
                "role `R`: declared twice",
                "role `long`: max_session_duration is between 1 and 12 hours",
                "role `brief`: max_session_duration is between 1 and 12 hours",
                "instance profile `p`: there is no role `gone`",
                "instance profile `Q`: declared twice",
            }));
}

TEST_F(EnsureTest, RefusesMoreThanTwoAccessKeys) {
  ensure(small());
  User changed = clone(*user_named("Dev"));
  changed.access_keys.push_back({"AKIAMADEBYAPI0000000", base::Secret("s"), true, {}, Origin::api});
  put(std::move(changed));
  EXPECT_EQ(ensure(small()), Messages{}) << "two in all";
  Declarations declarations = small();
  declarations.users[0].access_keys.push_back({"AKIASECONDDECLARED00", base::Secret("s"), true});
  EXPECT_EQ(ensure(declarations),
            Messages{"user `Dev`: a user has at most 2 access keys, and would have 3: the API made "
                     "`AKIAMADEBYAPI0000000`; delete one (DeleteAccessKey), or declare fewer"});
  declarations.users[0].access_keys.erase(declarations.users[0].access_keys.begin());
  EXPECT_EQ(ensure(declarations), Messages{}) << "one in the place of the other";
}

TEST_F(EnsureTest, RefusesTheKeyOfAnotherUser) {
  ensure(small());
  Declarations declarations = small();
  declarations.users.push_back(user("thief"));
  declarations.users.back().access_keys.push_back(
      {"AKIAIOSFODNN7EXAMPLE", base::Secret("s"), true});
  EXPECT_EQ(ensure(declarations),
            Messages{"user `thief`: access key `AKIAIOSFODNN7EXAMPLE` is declared twice"});
  declarations.users[0].access_keys.clear();
  EXPECT_EQ(ensure(declarations), Messages{}) << "handed over in the file";
  EXPECT_EQ(directory_.find_access_key("AKIAIOSFODNN7EXAMPLE")->user->name, "thief");
  std::swap(declarations.users[0].access_keys, declarations.users[1].access_keys);
  EXPECT_EQ(ensure(declarations), Messages{}) << "and back, whoever stands first";
  EXPECT_EQ(directory_.find_access_key("AKIAIOSFODNN7EXAMPLE")->user->name, "Dev");
}

TEST_F(EnsureTest, SameNamesLiveInDifferentAccounts) {
  Declarations declarations;
  declarations.roles.push_back(role("r", kEc2));
  declarations.roles.push_back(role("r", kEc2, kOther));
  ASSERT_EQ(ensure(declarations), Messages{});
  EXPECT_NE(role_named("r")->unique_id, directory_.find<Role>(kOther, "r")->unique_id);
}

TEST(PoliciesOf, SessionPoliciesLimitWhereThereAreAny) {
  auto session = std::make_shared<Session>();
  Caller caller;
  caller.principal.type = PrincipalType::assumed_role;
  caller.session = session;
  EXPECT_FALSE(policies_of(caller, Directory()).session);
  session->policies = {named("s")};
  ASSERT_TRUE(policies_of(caller, Directory()).session);
  EXPECT_EQ((*policies_of(caller, Directory()).session)[0]->name, "s");
}

TEST(PoliciesOf, FederatedUserWithoutSessionPolicyMayNothing) {
  Caller caller;
  caller.principal.type = PrincipalType::federated_user;
  caller.session = std::make_shared<Session>();
  ASSERT_TRUE(policies_of(caller, Directory()).session);
  EXPECT_TRUE(policies_of(caller, Directory()).session->empty());
}

TEST(PoliciesOf, ServicesAndDeletedEntitiesHaveNone) {
  Caller caller;
  caller.principal.type = PrincipalType::service;
  EXPECT_TRUE(policies_of(caller, Directory()).identity.empty());
  caller.principal.type = PrincipalType::user;
  caller.principal.entity_id = "AIDAQAAAAAAAAAAAAAAAA";
  EXPECT_TRUE(policies_of(caller, Directory()).identity.empty());
}

}  // namespace
}  // namespace imdsd::iam
