// SPDX-License-Identifier: MIT
#include "store/sqlite_store.h"

#include <sys/stat.h>

#include "tests/unit/store/database_fixture.h"

namespace imdsd::store {
namespace {

using base::Errc;
using Store = DatabaseTest;
using Lines = std::vector<std::string>;

TEST_F(Store, KeepsEveryFieldOfEveryKind) {
  make_filled();
  EXPECT_EQ(content(*open()), texts(sample::every_kind()));
}

TEST_F(Store, TellsOnceThatItWasMade) {
  EXPECT_TRUE(open()->created());
  EXPECT_FALSE(open()->created());
}

TEST_F(Store, ReplacesTheEntityWithTheSameId) {
  make_filled();
  auto renamed = sample::group("Developers");
  renamed.grants = {};
  ASSERT_TRUE(commit(*open(), renamed));
  const auto stored = content(*open());
  EXPECT_EQ(stored.size(), sample::every_kind().size());
  EXPECT_EQ(stored.at(1), texts({sample::any(renamed)}).at(0));
}

TEST_F(Store, GivesTheNameOfARenamedEntityToAnother) {
  const auto store = open();
  ASSERT_TRUE(commit(*store, sample::group("Devs", "AGPA1")));
  ASSERT_TRUE(commit(*store, sample::group("Ops", "AGPA1"), sample::group("devs", "AGPA2")));
  EXPECT_EQ(content(*store).size(), 2U);
}

TEST_F(Store, ForgetsWhatIsErased) {
  make_filled();
  const auto store = open();
  ASSERT_TRUE(erase(*store, sample::user(), sample::group()));
  EXPECT_EQ(content(*store).size(), sample::every_kind().size() - 2);
  EXPECT_TRUE(commit(*store, sample::group("Devs", "AGPA1"),
                     sample::user("Bob", "AIDA2", "AKIAEXAMPLE0000000")))
      << "name and access keys of what was erased are free";
}

TEST_F(Store, RefusesTwoOfOneNameWithoutCase) {
  const auto store = open();
  ASSERT_TRUE(commit(*store, sample::group("Devs", "AGPA1")));
  const auto before = content(*store);
  const auto done = commit(*store, sample::group("Ops", "AGPA2"), sample::group("DEVS", "AGPA3"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::internal);
  EXPECT_EQ(content(*store), before) << "the first of the two is not there either";
  auto elsewhere = sample::group("DEVS", "AGPA3");
  elsewhere.account = "210987654321";
  EXPECT_TRUE(commit(*store, elsewhere));
}

TEST_F(Store, RefusesAnAccessKeyOfTwoUsers) {
  make_filled();
  const auto store = open();
  const auto done = commit(*store, sample::user("Bob", "AIDA2"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::internal);
  EXPECT_EQ(done.error().message.find("s3cr3t"), std::string::npos) << done.error().message;
}

TEST_F(Store, RefusesMembersOfAGroupThatIsNotThere) {
  const auto store = open();
  EXPECT_FALSE(commit(*store, sample::user()));
  EXPECT_TRUE(commit(*store, sample::user(), sample::group())) << "the order does not matter";
  EXPECT_FALSE(erase(*store, sample::group()));
  auto alone = sample::user();
  alone.groups.clear();
  EXPECT_TRUE(commit(*store, std::move(alone)));
  EXPECT_TRUE(erase(*store, sample::group()));
}

TEST_F(Store, FollowsTheAccessKeysOfAUser) {
  make_filled();
  const auto store = open();
  auto alice = sample::user();
  alice.access_keys.pop_back();
  alice.access_keys.push_back({"AKIAEXAMPLE0000003", base::Secret("x"), true, sample::kTime, {}});
  ASSERT_TRUE(commit(*store, std::move(alice)));
  auto bob = sample::user("Bob", "AIDA2", "AKIAEXAMPLE000000");
  bob.access_keys.clear();
  bob.access_keys.push_back({"AKIAEXAMPLE00000002", base::Secret("y"), true, sample::kTime, {}});
  EXPECT_TRUE(commit(*store, std::move(bob))) << "it is Alice's no longer";
}

TEST_F(Store, KeepsTheLastUseOfWhatIsThere) {
  make_filled();
  const auto store = open();
  const std::vector<iam::Usage> first{{"AKIAEXAMPLE00000001", sample::kTime, "s3", "eu-west-1"},
                                      {"AROA1", sample::kTime, "sts", ""},
                                      {"AROAGONE", sample::kTime, "sts", "us-east-1"}};
  const std::vector<iam::Usage> later{
      {"AROA1", sample::kTime + std::chrono::hours(1), "sts", "eu-north-1"}};
  ASSERT_TRUE(store->commit_usage(first));
  ASSERT_TRUE(store->commit_usage(later));
  auto usage = store->load()->usage;
  ASSERT_EQ(usage.size(), 2U);
  EXPECT_EQ(usage[0].id, "AKIAEXAMPLE00000001");
  EXPECT_EQ(usage[0].time, sample::kTime);
  EXPECT_EQ(usage[0].service, "s3");
  EXPECT_EQ(usage[0].region, "eu-west-1");
  EXPECT_EQ(usage[1].id, "AROA1");
  EXPECT_EQ(usage[1].time, sample::kTime + std::chrono::hours(1));
  EXPECT_EQ(usage[1].region, "eu-north-1");

  ASSERT_TRUE(erase(*store, sample::user(), sample::role()));
  EXPECT_TRUE(store->load()->usage.empty());
}

TEST_F(Store, KeepsTheUseOfAKeyWhenItsUserChanges) {
  make_filled();
  const auto store = open();
  ASSERT_TRUE(store->commit_usage(
      std::vector<iam::Usage>{{"AKIAEXAMPLE00000001", sample::kTime, "s3", "eu-west-1"}}));
  ASSERT_TRUE(commit(*store, sample::user("Alicia")));
  EXPECT_EQ(store->load()->usage.size(), 1U);
}

TEST_F(Store, KeepsFactsByName) {
  const auto store = open();
  EXPECT_EQ(*store->meta("administrator"), std::nullopt);
  ASSERT_TRUE(store->set_meta("administrator", "AIDA1"));
  ASSERT_TRUE(store->set_meta("administrator", "AIDA2"));
  ASSERT_TRUE(store->set_meta("empty", ""));
  EXPECT_EQ(*store->meta("administrator"), "AIDA2");
  EXPECT_EQ(*store->meta("empty"), "");
}

TEST_F(Store, IsForItsOwnerAlone) {
  const auto mode = [](const std::string& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777;
  };
  const mode_t before = ::umask(0);
  {
    const auto store = open();
    ASSERT_TRUE(commit(*store, sample::group()));
    for (const char* end : {"", "-wal", "-shm"}) EXPECT_EQ(mode(path() + end), 0600U) << end;
  }
  ::umask(before);
  ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
  (void)open();
  EXPECT_EQ(mode(path()), 0600U);
}

TEST_F(Store, DoesNotFollowASymbolicLink) {
  const std::string target = folder() + "/other";
  std::filesystem::create_symlink(target, path());
  const auto store = SqliteStore::open(path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::unavailable);
  EXPECT_EQ(store.error().message,
            "`" + path() + "`: it is a symbolic link; put the file itself there");
  EXPECT_FALSE(std::filesystem::exists(target));
}

TEST_F(Store, IsARegularFile) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_FALSE(SqliteStore::open(path()));
  EXPECT_FALSE(SqliteStore::open_read_only(path()));
}

TEST_F(Store, NamesAFolderThatIsNotThere) {
  const auto store = SqliteStore::open(folder() + "/none/directory.db");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::not_found);
}

}  // namespace
}  // namespace imdsd::store
