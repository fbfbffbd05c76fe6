// SPDX-License-Identifier: MIT
#include "store/group_commit.h"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/open_database.h"
#include "store/s3_schema.h"
#include "tests/unit/daemon/temp_dir.h"
#include "tests/unit/store/disk_limits.h"

namespace imdsd::store {
namespace {

class GroupCommitTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(opened) << opened.error().message;
    statements.emplace(opened->connection);
    group.emplace(*statements);
  }
  static bool insert(Statements& s, std::string_view file) {
    auto row = s.get("INSERT INTO discarded (file) VALUES (?1)");
    return row && (*row)->bind(1, file).run().has_value();
  }
  std::int64_t rows() {
    return opened->connection.number("SELECT count(*) FROM discarded").value_or(-1);
  }
  /// Has the thread that comes first wait until all others are waiting behind it, so that they go
  /// together. `change` gets the number of its thread, 1 and on.
  template <class Change>
  void run_together(int others, Change change) {
    std::latch begun(1), may_end(1);
    std::jthread first([&] {
      EXPECT_TRUE(group->run([&](Statements&) {
        begun.count_down();
        may_end.wait();
        return false;
      }));
    });
    begun.wait();
    std::vector<std::jthread> threads;
    for (int number = 1; number <= others; ++number) {
      threads.emplace_back([&, number] { change(number); });
    }
    while (group->waiting() < static_cast<std::size_t>(others)) std::this_thread::yield();
    may_end.count_down();
  }

  daemon::TempDir directory;
  base::Result<OpenedDatabase> opened = open_database(directory / "db", s3_schema());
  std::optional<Statements> statements;
  std::optional<GroupCommit> group;
};

TEST_F(GroupCommitTest, KeepsWhatEachWants) {
  run_together(8, [&](int number) {
    EXPECT_TRUE(group->run([&](Statements& s) {
      return insert(s, "file-" + std::to_string(number)) && number % 2 == 0;
    }));
  });
  EXPECT_EQ(rows(), 4);
}

TEST_F(GroupCommitTest, GoesToTheDiskOnce) {
  std::atomic<int> committed = 0;
  std::atomic<std::thread::id> leader;
  std::atomic<int> leaders = 0;
  run_together(8, [&](int number) {
    EXPECT_TRUE(group->run([&](Statements& s) {
      if (leader.exchange(std::this_thread::get_id()) != std::this_thread::get_id()) ++leaders;
      return insert(s, "file-" + std::to_string(number));
    }));
    ++committed;
  });
  EXPECT_EQ(committed, 8);
  EXPECT_EQ(leaders, 1) << "one thread ran the changes of all";
  EXPECT_EQ(rows(), 8);
}

TEST_F(GroupCommitTest, OneThatDoesNotFitFailsAlone) {
  const FileSizeLimit full(256 << 10);
  std::atomic<int> failed = 0;
  run_together(4, [&](int number) {
    const std::string file(number == 3 ? 1 << 20 : 10, static_cast<char>('0' + number));
    const auto done = group->run([&](Statements& s) { return insert(s, file); });
    EXPECT_EQ(done.has_value(), number != 3);
    if (!done) ++failed;
  });
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(rows(), 3);
}

TEST_F(GroupCommitTest, TellsThatTheDiskIsFull) {
  {
    const FileSizeLimit full(0);
    const auto done = group->run([&](Statements& s) { return insert(s, "file"); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, base::Errc::unavailable);
  }
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(group->run([&](Statements& s) { return insert(s, "file"); }));
  EXPECT_EQ(rows(), 1);
}

}  // namespace
}  // namespace imdsd::store
