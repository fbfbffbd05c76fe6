// SPDX-License-Identifier: MIT
#include "iam/directory.h"

#include <gtest/gtest.h>

#include "iam/policies_of.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::iam {
namespace {

const std::string kAccount = "123456789012";
const std::string kOther = "210987654321";

PolicyDocument document(const std::string& statement, PolicyKind kind) {
  auto parsed = parse_policy(R"({"Version":"2012-10-17","Statement":)" + statement + "}", kind);
  EXPECT_TRUE(parsed) << statement << ": " << parsed.error().message;
  return parsed ? std::move(parsed->document) : PolicyDocument();
}

PolicyDocument trusting(const std::string& principal) {
  return document(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":)" + principal + "}",
                  PolicyKind::trust);
}

NamedPolicy named(std::string name) {
  return {std::move(name), "",
          std::make_shared<const PolicyDocument>(
              document(R"({"Effect":"Allow","Action":"*","Resource":"*"})", PolicyKind::identity))};
}

Declarations::DeclaredRole role(std::string name, const std::string& trusted,
                                std::string account = kAccount) {
  return {std::move(account), "/", std::move(name), trusting(trusted), {}};
}

const std::string kEc2 = R"({"Service":"ec2.amazonaws.com"})";

struct Built {
  UniqueIds ids;
  tl::expected<std::shared_ptr<const Directory>, std::vector<base::Error>> directory;
};

Built build(Declarations declarations, UniqueIds ids = {}) {
  fakes::ScriptedRandom random;
  auto directory = DirectoryBuilder::build(std::move(declarations), ids, random);
  return {std::move(ids), std::move(directory)};
}

std::vector<std::string> messages(const Built& built) {
  std::vector<std::string> out;
  if (built.directory) return out;
  for (const base::Error& error : built.directory.error()) out.push_back(error.message);
  return out;
}

using Messages = std::vector<std::string>;

Declarations small() {
  Declarations out;
  Declarations::DeclaredUser user{kAccount, "/team/", "Dev", {named("dev")}, {}};
  user.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("secret"), true});
  out.users.push_back(std::move(user));
  out.roles.push_back(role("app-role", kEc2));
  out.roles.back().path = "/apps/";
  out.roles.back().policies = {named("app")};
  return out;
}

TEST(Directory, FindsEntitiesWithoutCase) {
  const auto built = build(small());
  ASSERT_TRUE(built.directory);
  const Directory& directory = **built.directory;
  const auto user = directory.find_user(kAccount, "dEV");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->arn(), "arn:aws:iam::123456789012:user/team/Dev");
  EXPECT_EQ(user->arn("aws-cn"), "arn:aws-cn:iam::123456789012:user/team/Dev");
  EXPECT_EQ(user->origin, Origin::config);
  EXPECT_TRUE(user->unique_id.starts_with("AIDA"));
  EXPECT_EQ(aws::account_in_id(user->unique_id)->text(), kAccount);
  EXPECT_EQ(directory.find_user_by_id(user->unique_id), user);
  const auto found = directory.find_role(kAccount, "App-Role");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->arn(), "arn:aws:iam::123456789012:role/apps/app-role");
  EXPECT_EQ(directory.find_role_by_id(found->unique_id), found);
  EXPECT_FALSE(directory.find_role(kOther, "app-role"));
  EXPECT_FALSE(directory.find_user(kAccount, "app-role"));
  EXPECT_FALSE(directory.find_role_by_id("AROA"));
  EXPECT_FALSE(directory.find_user_by_id(""));
  EXPECT_EQ(directory.roles().size(), 1U);
  EXPECT_EQ(directory.users().size(), 1U);
}

TEST(Directory, AccessKeyPointsIntoItsUser) {
  const auto built = build(small());
  ASSERT_TRUE(built.directory);
  const auto owner = (*built.directory)->find_access_key("AKIAIOSFODNN7EXAMPLE");
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->user->name, "Dev");
  EXPECT_EQ(owner->key, owner->user->access_keys.data());
  EXPECT_EQ(owner->key->secret.reveal(), "secret");
  EXPECT_FALSE((*built.directory)->find_access_key("akiaiosfodnn7example"));
}

TEST(Directory, EmptyFindsNothing) {
  const Directory directory;
  EXPECT_FALSE(directory.find_user(kAccount, "x"));
  EXPECT_FALSE(directory.find_instance_profile(kAccount, "x"));
  EXPECT_FALSE(directory.find_access_key("x"));
  EXPECT_TRUE(directory.roles().empty());
}

TEST(DirectoryBuilder, MakesTheInstanceProfileOfARole) {
  const auto built = build(small());
  ASSERT_TRUE(built.directory);
  const auto profile = (*built.directory)->find_instance_profile(kAccount, "APP-ROLE");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->role, "app-role");
  EXPECT_TRUE(profile->unique_id.starts_with("AIPA"));
  EXPECT_EQ(profile->arn(), "arn:aws:iam::123456789012:instance-profile/app-role");
}

TEST(DirectoryBuilder, DeclaredInstanceProfileWins) {
  Declarations declarations = small();
  declarations.roles.push_back(role("other", kEc2));
  declarations.instance_profiles.push_back({kAccount, "/p/", "App-Role", "OTHER"});
  declarations.instance_profiles.push_back({kAccount, "/", "empty", ""});
  const auto built = build(std::move(declarations));
  ASSERT_TRUE(built.directory);
  const auto profile = (*built.directory)->find_instance_profile(kAccount, "app-role");
  EXPECT_EQ(profile->role, "other");
  EXPECT_EQ(profile->arn(), "arn:aws:iam::123456789012:instance-profile/p/App-Role");
  EXPECT_EQ((*built.directory)->find_instance_profile(kAccount, "empty")->role, "");
  EXPECT_TRUE((*built.directory)->find_instance_profile(kAccount, "other"));
}

TEST(DirectoryBuilder, BindsTrustPoliciesToUniqueIds) {
  Declarations declarations = small();
  declarations.roles.push_back(role("chained",
                                    R"({"AWS":["arn:aws:iam::123456789012:user/team/Dev",)"
                                    R"("arn:aws:iam::123456789012:role/apps/app-role",)"
                                    R"("arn:aws:iam::123456789012:role/chained","999999999999",)"
                                    R"("arn:aws:iam::210987654321:role/far"]})"));
  declarations.roles.push_back(role("far", kEc2, kOther));
  const auto built = build(std::move(declarations));
  ASSERT_TRUE(built.directory) << messages(built).front();
  const Directory& directory = **built.directory;
  const auto chained = directory.find_role(kAccount, "chained");
  const auto& principals = *chained->trust_policy.document->statements[0].principals;
  ASSERT_EQ(principals.size(), 5U);
  EXPECT_EQ(principals[0].unique_id, directory.find_user(kAccount, "dev")->unique_id);
  EXPECT_EQ(principals[1].unique_id, directory.find_role(kAccount, "app-role")->unique_id);
  EXPECT_EQ(principals[2].unique_id, chained->unique_id);
  EXPECT_EQ(principals[3].unique_id, "");
  EXPECT_EQ(principals[4].unique_id, directory.find_role(kOther, "far")->unique_id);
  EXPECT_EQ(principals[0].value, "arn:aws:iam::123456789012:user/team/Dev");
}

TEST(DirectoryBuilder, RefusesPrincipalsThatDoNotExist) {
  for (const std::string arn :
       {"arn:aws:iam::123456789012:user/dev", "arn:aws:iam::123456789012:user/team/dev",
        "arn:aws:iam::123456789012:role/team/Dev", "arn:aws:iam::210987654321:user/team/Dev",
        "arn:aws:iam::123456789012:role/gone", "AROAQAAAAAAAAAAAAAAAA"}) {
    Declarations declarations = small();
    declarations.roles.push_back(role("r", R"({"AWS":")" + arn + R"("})"));
    EXPECT_EQ(messages(build(std::move(declarations))),
              Messages{"role `r`: Invalid principal in policy: \"AWS\":\"" + arn + "\""});
  }
}

TEST(DirectoryBuilder, AcceptsAUniqueIdThatExists) {
  auto first = build(small());
  const std::string id = (*first.directory)->find_role(kAccount, "app-role")->unique_id;
  Declarations declarations = small();
  declarations.roles.push_back(role("r", R"({"AWS":")" + id + R"("})"));
  const auto built = build(std::move(declarations), std::move(first.ids));
  ASSERT_TRUE(built.directory) << messages(built).front();
  const auto found = (*built.directory)->find_role(kAccount, "r");
  EXPECT_EQ((*found->trust_policy.document->statements[0].principals)[0].unique_id, id);
}

TEST(DirectoryBuilder, ReportsEverythingThatIsWrongAtOnce) {
  Declarations declarations;
  Declarations::DeclaredUser user{kAccount, "/", "dev", {}, {}};
  user.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("s"), true});
  user.access_keys.push_back({"AKIAIOSFODNN7EXAMPLE", base::Secret("s"), true});
  user.access_keys.push_back({"short", base::Secret("s"), true});
  user.access_keys.push_back({"AKIAIOSFODNN7EXAMPL2", base::Secret(), true});
  declarations.users.push_back(std::move(user));
  declarations.users.push_back({kAccount, "/", "DEV", {}, {}});
  declarations.users.push_back({"12", "x", "a b", {}, {}});
  declarations.roles.push_back(role("r", kEc2));
  declarations.roles.push_back(role("R", kEc2));
  declarations.roles.push_back(role("long", kEc2));
  declarations.roles.back().max_session_duration = std::chrono::hours(13);
  declarations.roles.push_back(role("brief", kEc2));
  declarations.roles.back().max_session_duration = std::chrono::seconds(3599);
  declarations.instance_profiles.push_back({kAccount, "/", "p", "gone"});
  declarations.instance_profiles.push_back({kAccount, "/", "q", ""});
  declarations.instance_profiles.push_back({kAccount, "/", "Q", ""});
  EXPECT_EQ(messages(build(std::move(declarations))),
            (Messages{
                "user `dev`: access key `AKIAIOSFODNN7EXAMPLE` is declared twice",
                "user `dev`: access key id `short` is not 16 to 128 letters and digits",
                "user `dev`: access key `AKIAIOSFODNN7EXAMPL2` has no secret",
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

TEST(DirectoryBuilder, SameNamesLiveInDifferentAccounts) {
  Declarations declarations;
  declarations.roles.push_back(role("r", kEc2));
  declarations.roles.push_back(role("r", kEc2, kOther));
  const auto built = build(std::move(declarations));
  ASSERT_TRUE(built.directory);
  EXPECT_NE((*built.directory)->find_role(kAccount, "r")->unique_id,
            (*built.directory)->find_role(kOther, "r")->unique_id);
}

TEST(UniqueIds, StayOverARestart) {
  const auto first = build(small());
  ASSERT_TRUE(first.directory);
  auto reread = UniqueIds::from_json(first.ids.to_json());
  ASSERT_TRUE(reread) << reread.error().message;
  EXPECT_EQ(reread->to_json(), first.ids.to_json());
  auto second = build(small(), *std::move(reread));
  ASSERT_TRUE(second.directory);
  EXPECT_EQ((*first.directory)->find_role(kAccount, "app-role")->unique_id,
            (*second.directory)->find_role(kAccount, "app-role")->unique_id);
  EXPECT_TRUE(second.ids.drop_unused().empty());
}

TEST(UniqueIds, ForgetWhatIsNoLongerDeclared) {
  const auto first = build(small());
  const std::string id = (*first.directory)->find_role(kAccount, "app-role")->unique_id;
  auto without = build({}, *UniqueIds::from_json(first.ids.to_json()));
  ASSERT_TRUE(without.directory);
  EXPECT_EQ(without.ids.drop_unused(),
            (Messages{"instance-profile/123456789012/app-role", "role/123456789012/app-role",
                      "user/123456789012/dev"}));
  // Declared again, it is another entity.
  fakes::ScriptedRandom random(7);
  auto again = DirectoryBuilder::build(small(), without.ids, random);
  ASSERT_TRUE(again);
  EXPECT_NE((*again)->find_role(kAccount, "app-role")->unique_id, id);
  EXPECT_FALSE((*again)->find_role_by_id(id));
}

TEST(UniqueIds, RefuseTextTheyDidNotWrite) {
  const std::string whole = build(small()).ids.to_json();
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    const auto cut = UniqueIds::from_json(std::string_view(whole).substr(0, i));
    ASSERT_FALSE(cut) << i;
    EXPECT_EQ(cut.error().code, base::Errc::corrupt);
  }
  for (const std::string_view text :
       {"[]", "7", "{}", R"({"format":2,"ids":{}})", R"({"format":1,"ids":[]})",
        R"({"format":1,"ids":{"role/123456789012/r":7}})",
        R"({"format":1,"ids":{"role/123456789012/r":"AROA"}})",
        R"({"format":1,"ids":{"role":"AROAQAAAAAAAAAAAAAAAA"}})",
        R"({"format":1,"ids":{},"more":1})"}) {
    EXPECT_FALSE(UniqueIds::from_json(text)) << text;
  }
  std::string other_account = whole;
  other_account.replace(other_account.find("role/123456789012"), 17, "role/210987654321");
  EXPECT_FALSE(UniqueIds::from_json(other_account));
  std::string other_kind = whole;
  other_kind.replace(other_kind.find("AROA"), 4, "AIDA");
  EXPECT_FALSE(UniqueIds::from_json(other_kind));
}

TEST(PoliciesOf, AreThoseOfTheEntityNow) {
  const auto built = build(small());
  const Directory& directory = **built.directory;
  Caller caller;
  caller.principal.type = PrincipalType::user;
  caller.principal.entity_id = directory.find_user(kAccount, "dev")->unique_id;
  PolicySet policies = policies_of(caller, directory);
  ASSERT_EQ(policies.identity.size(), 1U);
  EXPECT_EQ(policies.identity[0]->name, "dev");
  EXPECT_FALSE(policies.session);
  EXPECT_FALSE(policies.resource);

  caller.principal.type = PrincipalType::assumed_role;
  EXPECT_TRUE(policies_of(caller, directory).identity.empty());
  caller.principal.entity_id = directory.find_role(kAccount, "app-role")->unique_id;
  policies = policies_of(caller, directory);
  ASSERT_EQ(policies.identity.size(), 1U);
  EXPECT_EQ(policies.identity[0]->name, "app");
  EXPECT_TRUE(policies_of(caller, Directory()).identity.empty());
}

TEST(PoliciesOf, SessionPoliciesLimitWhereThereAreAny) {
  auto session = std::make_shared<Session>();
  Caller caller;
  caller.principal.type = PrincipalType::assumed_role;
  caller.session = session;
  EXPECT_FALSE(policies_of(caller, Directory()).session);
  session->policies = {named("s")};
  ASSERT_TRUE(policies_of(caller, Directory()).session);
  EXPECT_EQ(policies_of(caller, Directory()).session->begin()->get()->name, "s");
}

TEST(PoliciesOf, FederatedUserWithoutSessionPolicyMayNothing) {
  Caller caller;
  caller.principal.type = PrincipalType::federated_user;
  caller.session = std::make_shared<Session>();
  ASSERT_TRUE(policies_of(caller, Directory()).session);
  EXPECT_TRUE(policies_of(caller, Directory()).session->empty());
}

TEST(PoliciesOf, ServicesHaveNone) {
  Caller caller;
  caller.principal.type = PrincipalType::service;
  EXPECT_TRUE(policies_of(caller, Directory()).identity.empty());
  EXPECT_FALSE(policies_of(caller, Directory()).session);
}

}  // namespace
}  // namespace imdsd::iam
