// SPDX-License-Identifier: MIT
// Disks that are full, folders that are read-only, and locks.
#include <sys/stat.h>

#include "store/sqlite_store.h"
#include "tests/unit/store/database_fixture.h"
#include "tests/unit/store/disk_limits.h"

namespace imdsd::store {
namespace {

using base::Errc;

class Unwritable : public DatabaseTest {
 protected:
  ~Unwritable() override { set_modes(0700, 0600); }
  /// Of the folder and of the files in it, for everybody.
  void set_modes(mode_t folder_mode, mode_t file_mode) const {
    for (const auto& file : std::filesystem::directory_iterator(folder())) {
      ::chmod(file.path().c_str(), file_mode);
    }
    ::chmod(folder().c_str(), folder_mode);
  }
};

TEST_F(Unwritable, AFullDiskLeavesNothingHalfDoneAtAnyPoint) {
  make_filled();
  const auto store = open();
  const auto before = content(*store);
  int failures = 0;
  bool done = false;
  // Each round the disk has half a page more, until the commit fits.
  for (rlim_t limit = 0; !done; limit += 2048) {
    base::Result<void> result;
    {
      const FileSizeLimit full(limit);
      result = commit(*store, sample::user("Bob", "AIDA2", "AKIAOTHER00000000"),
                      sample::role("Other", "AROA2"), sample::role("More", "AROA3"));
    }
    done = result.has_value();
    if (done) break;
    ++failures;
    ASSERT_EQ(result.error().code, Errc::unavailable) << result.error().message;
    ASSERT_NE(result.error().message.find("full"), std::string::npos) << result.error().message;
    ASSERT_EQ(content(*store), before);
  }
  EXPECT_GE(failures, 3);
  EXPECT_EQ(content(*store).size(), before.size() + 3);
}

TEST_F(Unwritable, AFullDiskAtTheFirstStartIsToldAndNothingIsLost) {
  for (rlim_t limit = 0;; limit += 2048) {
    bool opened = false;
    {
      const FileSizeLimit full(limit);
      const auto store = SqliteStore::open(path());
      opened = store.has_value();
      if (!opened) {
        ASSERT_EQ(store.error().code, Errc::unavailable) << store.error().message;
      }
    }
    if (opened) break;
  }
  EXPECT_TRUE(commit(*open(), sample::group()));
}

TEST_F(Unwritable, AFailedUsageLeavesCommitsAsTheyAre) {
  make_filled();
  const auto store = open();
  {
    const FileSizeLimit full(0);
    const auto done =
        store->commit_usage(std::vector<iam::Usage>{{"AROA1", sample::kTime, "sts", "us-east-1"}});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::unavailable);
  }
  EXPECT_TRUE(store->load()->usage.empty());
  EXPECT_TRUE(commit(*store, sample::group("Other", "AGPA2")));
}

TEST_F(Unwritable, AReadOnlyFolderIsToldAndCanBeReadFrom) {
  make_filled();
  for (const auto& [folder_mode, file_mode] : {std::pair(0555, 0444), std::pair(0555, 0666)}) {
    set_modes(static_cast<mode_t>(folder_mode), static_cast<mode_t>(file_mode));
    const std::string before = bytes();
    {
      const WithoutRoot unprivileged;
      const auto store = SqliteStore::open(path());
      ASSERT_FALSE(store);
      EXPECT_EQ(store.error().code, Errc::unavailable);
      EXPECT_NE(store.error().message.find("writable"), std::string::npos) << store.error().message;

      auto readable = SqliteStore::open_read_only(path());
      ASSERT_TRUE(readable) << readable.error().message;
      EXPECT_EQ(content(**readable), texts(sample::every_kind()));
      EXPECT_EQ(*(*readable)->meta("none"), std::nullopt);
      const auto done = commit(**readable, sample::group("Other", "AGPA2"));
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code, Errc::unavailable);
      EXPECT_EQ((*readable)->set_meta("a", "b").error().code, Errc::unavailable);
      EXPECT_EQ((*readable)->commit_usage({}).error().code, Errc::unavailable);
    }
    EXPECT_EQ(bytes(), before);
  }
}

TEST_F(Unwritable, AReadOnlyFolderDoesNotHideTheLog) {
  make_filled();
  const std::string copy = folder() + "/copy.db";
  {
    // The files as a crash leaves them: the newest transaction is in the log alone.
    const auto store = open();
    ASSERT_TRUE(commit(*store, sample::group("Newest", "AGPA9")));
    for (const char* end : {"", "-wal", "-shm"}) {
      // Not by this process, whose locks would end.
      const std::string command = "cp '" + path() + end + "' '" + copy + end + "'";
      ASSERT_EQ(std::system(command.c_str()), 0);
    }
  }
  set_modes(0555, 0444);
  const WithoutRoot unprivileged;
  const auto store = SqliteStore::open_read_only(copy);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(content(**store).size(), sample::every_kind().size() + 1);
}

TEST_F(Unwritable, AFolderThatIsReadOnlyAtTheFirstStartIsTold) {
  set_modes(0555, 0444);
  const WithoutRoot unprivileged;
  const auto store = SqliteStore::open(path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::unavailable);
  EXPECT_EQ(SqliteStore::open_read_only(path()).error().code, Errc::not_found);
}

TEST_F(Unwritable, ALockOfSomebodyElseIsTold) {
  make_filled();
  auto connection = Connection::open(path(), Access::read_write);
  ASSERT_TRUE(connection);
  const auto store = open();
  ASSERT_TRUE(connection->execute("BEGIN IMMEDIATE"));
  const auto done = commit(*store, sample::group("Other", "AGPA2"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::unavailable);
  EXPECT_NE(done.error().message.find("locked"), std::string::npos) << done.error().message;
  ASSERT_TRUE(connection->execute("ROLLBACK"));
  EXPECT_TRUE(commit(*store, sample::group("Other", "AGPA2")));
}

}  // namespace
}  // namespace imdsd::store
