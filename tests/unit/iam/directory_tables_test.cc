// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/directory.h"
#include "iam/directory_service.h"
#include "iam/transaction.h"
#include "tests/fakes/scripted_random.h"
#include "tests/support/sample_entities.h"

namespace imdsd::iam {
namespace {

using sample::any;
using sample::kAccount;
using sample::kPolicyArn;
using Ids = std::vector<std::string>;

const std::string kOther = "210987654321";

/// All kinds of entities that belong together.
Directory filled() {
  Directory directory;
  for (const AnyEntity& entity : sample::every_kind()) directory.put(entity);
  return directory;
}

std::vector<std::string> names(const Directory& directory, std::string_view account,
                               std::string_view after = "") {
  std::vector<std::string> out;
  directory.all<Group>().visit(account, after, [&](const std::shared_ptr<const Group>& group) {
    out.push_back(group->name);
    return true;
  });
  return out;
}

TEST(DirectoryTables, FindNamesWithoutCaseAndIdsWithIt) {
  const Directory directory = filled();
  ASSERT_TRUE(directory.find<Group>(kAccount, "dEVS"));
  EXPECT_EQ(directory.find<Group>(kAccount, "dEVS")->name, "Devs");
  EXPECT_EQ(directory.find_by_id<Group>("AGPA1"), directory.find<Group>(kAccount, "devs"));
  EXPECT_FALSE(directory.find_by_id<Group>("agpa1"));
  EXPECT_FALSE(directory.find<Group>(kOther, "Devs"));
  EXPECT_FALSE(directory.find<User>(kAccount, "Devs")) << "each kind has its own names";
}

TEST(DirectoryTables, AreVisitedInTheOrderOfNamesWithoutCase) {
  Directory directory;
  for (const char* name : {"b", "C", "A", "a1"}) {
    directory.put(any(sample::group(name, std::string("AGPA") + name)));
  }
  auto other = sample::group("a", "AGPA9");
  other.account = kOther;
  directory.put(any(std::move(other)));
  EXPECT_EQ(names(directory, kAccount), (Ids{"A", "a1", "b", "C"}));
  EXPECT_EQ(names(directory, kAccount, "A1"), (Ids{"b", "C"}));
  EXPECT_EQ(names(directory, kAccount, "aa"), (Ids{"b", "C"})) << "it need not be there";
  EXPECT_EQ(names(directory, kAccount, "c"), Ids{});
  EXPECT_EQ(names(directory, kOther), (Ids{"a"}));
  EXPECT_EQ(directory.all<Group>().count(kAccount), 4U);
  EXPECT_EQ(directory.all<Group>().count(kOther), 1U);
  EXPECT_EQ(directory.all<Group>().count("111111111111"), 0U);
}

TEST(DirectoryTables, EndAVisitWhenItIsEnough) {
  Directory directory;
  for (const char* name : {"a", "b", "c"}) {
    directory.put(any(sample::group(name, std::string("AGPA") + name)));
  }
  int seen = 0;
  directory.all<Group>().visit(kAccount, "", [&](const auto&) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
  seen = 0;
  directory.all<Group>().visit_all([&](const auto&) { return ++seen < 1; });
  EXPECT_EQ(seen, 1);
}

TEST(DirectoryTables, FollowARename) {
  Directory directory = filled();
  directory.put(any(sample::group("DEVS")));
  EXPECT_EQ(directory.find<Group>(kAccount, "devs")->name, "DEVS") << "in case alone";
  directory.put(any(sample::group("Ops")));
  EXPECT_FALSE(directory.find<Group>(kAccount, "Devs"));
  EXPECT_EQ(directory.find<Group>(kAccount, "ops")->unique_id, "AGPA1");
  directory.put(any(sample::group("Devs", "AGPA2")));
  EXPECT_EQ(directory.find<Group>(kAccount, "Devs")->unique_id, "AGPA2");
  EXPECT_EQ(directory.all<Group>().count(kAccount), 2U);
}

TEST(DirectoryTables, CopiesAreLeftAsTheyWere) {
  const Directory before = filled();
  Directory after = before;
  after.put(any(sample::group("Ops")));
  after.erase(any(sample::user()));
  EXPECT_EQ(before.find<Group>(kAccount, "Devs")->name, "Devs");
  EXPECT_TRUE(before.find_access_key("AKIAEXAMPLE00000001"));
  EXPECT_EQ(before.member_ids("AGPA1"), Ids{"AIDA1"});
  EXPECT_FALSE(after.find_access_key("AKIAEXAMPLE00000001"));
  EXPECT_EQ(after.member_ids("AGPA1"), Ids{});
}

TEST(DirectoryTables, FindTheOwnerOfAnAccessKey) {
  Directory directory = filled();
  const auto owner = directory.find_access_key("AKIAEXAMPLE00000002");
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->user->name, "Alice");
  EXPECT_EQ(owner->key->id, "AKIAEXAMPLE00000002");
  EXPECT_FALSE(owner->key->active);
  EXPECT_FALSE(directory.find_access_key("akiaexample00000002"));

  auto changed = sample::user();
  changed.access_keys.erase(changed.access_keys.begin());
  directory.put(any(std::move(changed)));
  EXPECT_FALSE(directory.find_access_key("AKIAEXAMPLE00000001"));
  ASSERT_TRUE(directory.find_access_key("AKIAEXAMPLE00000002"));
  EXPECT_EQ(directory.find_access_key("AKIAEXAMPLE00000002")->user->access_keys.size(), 1U)
      << "the user as it is now";
}

TEST(DirectoryTables, CountWhatAPolicyIsAttachedTo) {
  Directory directory = filled();
  EXPECT_EQ(directory.attachment_count(kAccount, kPolicyArn), 3U) << "user, group and role";
  EXPECT_EQ(directory.attachment_count(kOther, kPolicyArn), 0U);
  EXPECT_EQ(directory.attachment_count(kAccount, kPolicyArn.substr(0, kPolicyArn.size() - 1)), 0U);
  EXPECT_EQ(directory.boundary_usage_count(kAccount, kPolicyArn), 2U) << "user and role";
  auto role = sample::role();
  role.grants.attached.clear();
  role.boundary.clear();
  directory.put(any(std::move(role)));
  EXPECT_EQ(directory.attachment_count(kAccount, kPolicyArn), 2U);
  EXPECT_EQ(directory.boundary_usage_count(kAccount, kPolicyArn), 1U);
}

TEST(DirectoryTables, KnowMembersProfilesAndDevices) {
  Directory directory = filled();
  directory.put(any(sample::user("Bob", "AIDA2", "AKIAOTHER")));
  EXPECT_EQ(directory.member_ids("AGPA1"), (Ids{"AIDA1", "AIDA2"}));
  EXPECT_EQ(directory.member_ids("AGPA"), Ids{}) << "a part of an id is another id";
  EXPECT_EQ(directory.profile_ids_of_role(kAccount, "aPP"), Ids{"AIPA1"});
  EXPECT_EQ(directory.profile_ids_of_role(kOther, "App"), Ids{});
  EXPECT_EQ(directory.mfa_device_ids("AIDA1"), Ids{sample::mfa_device().unique_id});

  auto alone = sample::user();
  alone.groups.clear();
  directory.put(any(std::move(alone)));
  EXPECT_EQ(directory.member_ids("AGPA1"), Ids{"AIDA2"});
  directory.erase(any(sample::instance_profile()));
  EXPECT_EQ(directory.profile_ids_of_role(kAccount, "App"), Ids{});
  auto device = sample::mfa_device();
  device.user_id.clear();
  directory.put(any(std::move(device)));
  EXPECT_EQ(directory.mfa_device_ids("AIDA1"), Ids{});
}

TEST(DirectoryTables, EraseTheEntityAsItIsNow) {
  Directory directory = filled();
  // Whoever erases it has seen it before it was renamed and changed.
  auto changed = sample::user("Renamed", "AIDA1", "AKIACHANGED");
  changed.groups.push_back({"AGPA2", Origin::api});
  directory.put(any(std::move(changed)));
  directory.erase(any(sample::user()));
  EXPECT_FALSE(directory.find<User>(kAccount, "Renamed"));
  EXPECT_FALSE(directory.find_by_id<User>("AIDA1"));
  EXPECT_FALSE(directory.find_access_key("AKIACHANGED1"));
  EXPECT_EQ(directory.member_ids("AGPA2"), Ids{});
  EXPECT_EQ(directory.attachment_count(kAccount, kPolicyArn), 2U);
  EXPECT_EQ(directory.all<User>().count(kAccount), 0U);
}

TEST(DirectoryTables, EraseNothingElseOfTheSameName) {
  Directory directory = filled();
  directory.erase(any(sample::user()));
  directory.put(any(sample::user("Alice", "AIDA2", "AKIAEXAMPLE0000000")));
  directory.erase(any(sample::user()));
  EXPECT_TRUE(directory.find<User>(kAccount, "Alice"));
  EXPECT_TRUE(directory.find_access_key("AKIAEXAMPLE00000001"));
}

TEST(MakeDirectory, TakesEntitiesInAnyOrder) {
  auto entities = sample::every_kind();
  std::reverse(entities.begin(), entities.end());
  const auto directory = make_directory(entities);
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ((*directory)->member_ids("AGPA1"), Ids{"AIDA1"});
}

/// It is filled at once, by another way than put(): both must know the same, and go on alike.
TEST(MakeDirectory, IsTheDirectoryThatPutMakes) {
  const auto made = make_directory(sample::every_kind());
  ASSERT_TRUE(made) << made.error().message;
  Directory directory = **made;
  const Directory expected = filled();
  const auto compare = [&] {
    EXPECT_EQ(names(directory, kAccount), names(expected, kAccount));
    EXPECT_EQ(directory.find_access_key("AKIAEXAMPLE00000002")->user->unique_id, "AIDA1");
    EXPECT_EQ(directory.attached_ids(kAccount, kPolicyArn),
              expected.attached_ids(kAccount, kPolicyArn));
    EXPECT_EQ(directory.boundary_ids(kAccount, kPolicyArn),
              expected.boundary_ids(kAccount, kPolicyArn));
    EXPECT_EQ(directory.profile_ids_of_role(kAccount, "App"), Ids{"AIPA1"});
    EXPECT_EQ(directory.mfa_device_ids("AIDA1"), Ids{sample::mfa_device().unique_id});
  };
  compare();
  directory.erase(any(sample::user()));
  EXPECT_EQ(directory.member_ids("AGPA1"), Ids{});
  EXPECT_FALSE(directory.find_access_key("AKIAEXAMPLE00000002"));
  directory.put(any(sample::user()));
  compare();
}

TEST(MakeDirectory, TakesAnAttachmentThatIsListedTwiceForOne) {
  auto group = sample::group();
  group.grants.attached = {{kPolicyArn, Origin::config}, {kPolicyArn, Origin::api}};
  const auto directory = make_directory({any(std::move(group))});
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ((*directory)->attachment_count(kAccount, kPolicyArn), 1U);
}

TEST(MakeDirectory, RefusesContradictions) {
  const std::vector<std::pair<std::string, std::vector<AnyEntity>>> cases{
      {"`DEVS` is there twice", {any(sample::group()), any(sample::group("DEVS", "AGPA2"))}},
      {"there is no group `AGPA1`", {any(sample::user())}},
      {"access key `AKIAEXAMPLE00000001` is there twice",
       {any(sample::group()), any(sample::user()), any(sample::user("Bob", "AIDA2"))}},
      {"`AGPA1` is there twice", {any(sample::group()), any(sample::group("Ops"))}}};
  for (const auto& [message, entities] : cases) {
    const auto directory = make_directory(entities);
    ASSERT_FALSE(directory) << message;
    EXPECT_EQ(directory.error().code, base::Errc::corrupt);
    EXPECT_EQ(directory.error().message, message);
  }
}

TEST(Transaction, GivesIdsThatNobodyHas) {
  const auto account = aws::AccountId::parse(kAccount);
  fakes::ScriptedRandom twin(7);
  const std::string taken = aws::make_unique_id(aws::IdPrefix::AROA, *account, twin);
  Directory directory;
  directory.put(any(sample::role("App", taken)));
  fakes::ScriptedRandom random(7);
  Transaction transaction(directory, sample::kTime, random);
  const std::string fresh = transaction.new_unique_id(aws::IdPrefix::AROA, kAccount);
  EXPECT_NE(fresh, taken);
  EXPECT_TRUE(fresh.starts_with("AROA"));
}

TEST(Transaction, ShowsItsChangesToItselfAlone) {
  const Directory before = filled();
  fakes::ScriptedRandom random;
  Transaction transaction(before, sample::kTime, random);
  transaction.put(sample::group("Ops", "AGPA2"));
  transaction.erase(before.find<Group>(kAccount, "Devs"));
  EXPECT_TRUE(transaction.directory().find<Group>(kAccount, "Ops"));
  EXPECT_FALSE(transaction.directory().find<Group>(kAccount, "Devs"));
  EXPECT_FALSE(before.find<Group>(kAccount, "Ops"));
  ASSERT_EQ(transaction.changes().size(), 2U);
  EXPECT_FALSE(transaction.changes()[0].erased);
  EXPECT_TRUE(transaction.changes()[1].erased);
}

}  // namespace
}  // namespace imdsd::iam
