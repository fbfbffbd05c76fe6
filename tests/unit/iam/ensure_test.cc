// SPDX-License-Identifier: MIT
#include "iam/policies_of.h"
#include "tests/unit/iam/ensure_fixture.h"

namespace imdsd::iam {
namespace {

using namespace ensured;

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
