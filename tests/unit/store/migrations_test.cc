// SPDX-License-Identifier: MIT
#include "store/migrations.h"

#include <array>

#include "store/directory_schema.h"
#include "tests/unit/store/database_fixture.h"

namespace imdsd::store {
namespace {

using base::Errc;

class Migrations : public DatabaseTest {
 protected:
  [[nodiscard]] Connection connect() const {
    if (!std::filesystem::exists(path())) write_bytes("");
    auto connection = Connection::open(path(), Access::read_write);
    EXPECT_TRUE(connection) << connection.error().message;
    return *std::move(connection);
  }
  /// What another version of imdsd, or another program, did to the database.
  void run(const char* sql) const {
    auto connection = connect();
    const auto done = connection.execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  void expect_refused(Errc code, const std::string& message) const {
    const std::string before = bytes();
    const auto store = SqliteStore::open(path());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, code);
    EXPECT_NE(store.error().message.find(message), std::string::npos) << store.error().message;
    EXPECT_FALSE(SqliteStore::open_read_only(path()));
    EXPECT_EQ(bytes(), before);
  }
};

constexpr std::int64_t kApplicationId = 0x696D6473;
constexpr std::array<Migration, 3> kSteps{{{1, "CREATE TABLE first (a) "},
                                           {2,
                                            "CREATE TABLE second (a); INSERT INTO first "
                                            "VALUES (2)"},
                                           {3, "INSERT INTO second SELECT a + 1 FROM first"}}};

const Schema kFirst{kApplicationId, std::span(kSteps).first(1)};
const Schema kAll{kApplicationId, kSteps};

TEST_F(Migrations, AreNumberedInOrder) {
  int expected = 1;
  for (const Migration& migration : directory_schema().steps) {
    EXPECT_EQ(migration.version, expected++);
  }
}

TEST_F(Migrations, BringAnEmptyFileToTheNewestVersion) {
  write_bytes("");
  EXPECT_TRUE(open()->created());
  auto connection = connect();
  EXPECT_EQ(*schema_version(connection, directory_schema()),
            directory_schema().steps.back().version);
}

TEST_F(Migrations, RunThoseThatAreMissing) {
  auto connection = connect();
  ASSERT_TRUE(migrate(connection, 0, kFirst));
  EXPECT_EQ(*schema_version(connection, kAll), 1);
  ASSERT_TRUE(migrate(connection, 1, kAll));
  EXPECT_EQ(*schema_version(connection, kAll), 3);
  EXPECT_EQ(*connection.number("SELECT a FROM second"), 3);
  ASSERT_TRUE(migrate(connection, 3, kAll)) << "nothing is left to do";
}

TEST_F(Migrations, LeaveEverythingAsItWasWhenOneFails) {
  auto connection = connect();
  ASSERT_TRUE(migrate(connection, 0, kFirst));
  auto broken = kSteps;
  broken[2].sql = "INSERT INTO first VALUES (1); INSERT INTO missing VALUES (1)";
  const auto done = migrate(connection, 1, {kApplicationId, broken});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "migration 3: no such table: missing");
  EXPECT_EQ(*schema_version(connection, kAll), 1);
  EXPECT_EQ(*connection.number("SELECT count(*) FROM first"), 0);
  EXPECT_EQ(*connection.number("SELECT count(*) FROM sqlite_schema"), 1);
  EXPECT_TRUE(migrate(connection, 1, kAll)) << "the next try works";
}

TEST_F(Migrations, RefuseANewerVersionUnchanged) {
  make_filled();
  run("PRAGMA user_version = 999");
  expect_refused(Errc::invalid_argument,
                 "it has version 999, of a newer imdsd; this one knows versions up to " +
                     std::to_string(directory_schema().steps.back().version));
}

TEST_F(Migrations, RefuseANewerVersionThatIsInTheLogOnly) {
  make_filled();
  {
    auto crashed = connect();
    crashed.checkpoint_on_close(false);
    ASSERT_TRUE(crashed.execute("PRAGMA user_version = 999"));
  }
  ASSERT_GT(std::filesystem::file_size(path() + "-wal"), 0U);
  expect_refused(Errc::invalid_argument, "version 999");
  EXPECT_GT(std::filesystem::file_size(path() + "-wal"), 0U);
}

TEST_F(Migrations, RefuseTheDatabaseOfAnotherProgram) {
  run("CREATE TABLE bookmarks (url)");
  expect_refused(Errc::corrupt, "another program");
  run("PRAGMA user_version = 1");
  expect_refused(Errc::corrupt, "another program");
  run("PRAGMA application_id = 252006674");
  expect_refused(Errc::corrupt, "another program");
}

TEST_F(Migrations, RefuseAVersionThatWasLost) {
  make_filled();
  run("PRAGMA user_version = 0");
  expect_refused(Errc::corrupt, "another program");
}

}  // namespace
}  // namespace imdsd::store
