// SPDX-License-Identifier: MIT
#include "store/sqlite_s3_index.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>

#include "store/sqlite_store.h"
#include "tests/support/s3_index_contract.h"
#include "tests/unit/daemon/temp_dir.h"
#include "tests/unit/store/disk_limits.h"

namespace imdsd::store {
namespace {

using base::Errc;
using s3::IndexErrc;
using s3::sample_bucket;
using s3::sample_object;
using s3::sample_part;
using s3::sample_upload;

class S3Index : public testing::Test {
 protected:
  ~S3Index() override { ::chmod(directory_.path().c_str(), 0700); }
  [[nodiscard]] const std::string& folder() const { return directory_.path(); }
  [[nodiscard]] std::string path() const { return directory_ / "s3.db"; }
  SqliteS3Index& index() { return *index_; }
  /// As a process that ends and starts again.
  void reopen() {
    index_.reset();
    index_ = std::make_unique<SqliteS3Index>(path());
  }
  [[nodiscard]] s3::Names files() const {
    s3::Names names;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  daemon::TempDir directory_;
  std::unique_ptr<SqliteS3Index> index_ = std::make_unique<SqliteS3Index>(path());
};

TEST_F(S3Index, MakesNoFileBeforeItIsUsed) {
  EXPECT_FALSE(*index().open_existing());
  EXPECT_TRUE(index().discarded()->empty());
  EXPECT_FALSE(*index().names_file("f"));
  EXPECT_TRUE(files().empty());
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  reopen();
  EXPECT_TRUE(*index().open_existing());
}

TEST_F(S3Index, KeepsAllOverARestart) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  ASSERT_TRUE(index().set_policy("bucket", "{}"));
  ASSERT_TRUE(index().put_object("bucket", sample_object("gone", "f0"), {}));
  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "f1"), {}));
  ASSERT_TRUE(index().create_upload("bucket", sample_upload("u1", "k")));
  ASSERT_TRUE(index().put_part("bucket", "k", "u1", sample_part(3, "f2")));
  ASSERT_TRUE(index().delete_object("bucket", "gone", {}));
  reopen();
  EXPECT_EQ((*index().bucket("bucket"))->policy, "{}");
  EXPECT_EQ(index().object("bucket", "key", s3::Index::Detail::with_parts)->parts,
            sample_object("key", "f1").parts);
  EXPECT_EQ(index().list_parts("bucket", "k", "u1", 0, 10)->parts.size(), 1U);
  EXPECT_EQ(*index().discarded(), (s3::Names{"f0"}));
  EXPECT_TRUE(*index().names_file("f2"));
}

TEST_F(S3Index, LetsOneOfManyWritersWin) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  for (int round = 0; round < 20; ++round) {
    const std::string key = "key-" + std::to_string(round);
    std::atomic<int> won = 0, lost = 0;
    {
      std::vector<std::jthread> writers;
      for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&, writer] {
          const auto done =
              index().put_object("bucket", sample_object(key, key + "-" + std::to_string(writer)),
                                 {std::nullopt, true});
          ++(done ? won : lost);
          EXPECT_TRUE(done || done.error().code == IndexErrc::precondition_failed);
        });
      }
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(lost, 3);
  }
}

TEST_F(S3Index, NeverAnswersWithABucketOfBefore) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) EXPECT_TRUE(index().bucket("bucket"));
  });
  for (int round = 0; round < 200; ++round) {
    const std::string policy = std::to_string(round);
    ASSERT_TRUE(index().set_policy("bucket", policy));
    ASSERT_EQ((*index().bucket("bucket"))->policy, policy);
  }
}

TEST_F(S3Index, RemembersObjectsOfOneFileUntilTheyChange) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "f1"), {}));
  const auto read = [&] { return index().object("bucket", "key", s3::Index::Detail::with_parts); };
  const auto remembered = [&] { return index().remembered("bucket", "key"); };
  EXPECT_EQ(remembered(), nullptr);
  ASSERT_TRUE(index().bucket("bucket"));
  ASSERT_TRUE(read());
  ASSERT_NE(remembered(), nullptr);
  EXPECT_EQ(remembered()->parts, sample_object("key", "f1").parts);
  EXPECT_EQ(index().remembered("other", "key"), nullptr);

  ASSERT_TRUE(index().set_object_tags("bucket", "key", {{"a", "b"}}));
  EXPECT_EQ(remembered(), nullptr);
  EXPECT_EQ(read()->attributes.tags.at(0).value, "b");
  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "f2"), {}));
  EXPECT_EQ(read()->parts.at(0).file, "f2");
  ASSERT_TRUE(index().delete_object("bucket", "key", {}));
  EXPECT_EQ(s3::code_of(read()), IndexErrc::no_such_key);
  EXPECT_EQ(remembered(), nullptr);

  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "f3"), {}));
  ASSERT_TRUE(read());
  ASSERT_TRUE(index().create_upload("bucket", sample_upload("u", "key")));
  s3::Object completed = sample_object("key", "");
  completed.parts = {sample_part(1, "f4"), sample_part(2, "f5")};
  for (const s3::Part& part : completed.parts) {
    ASSERT_TRUE(index().put_part("bucket", "key", "u", part));
  }
  ASSERT_TRUE(index().complete_upload("bucket", "u", completed, {}));
  EXPECT_EQ(read()->parts, completed.parts);
  EXPECT_EQ(remembered(), nullptr) << "it has more than one file";
}

TEST_F(S3Index, NeverAnswersWithAnObjectOfBefore) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  const auto read = [&] { return index().object("bucket", "key", s3::Index::Detail::with_parts); };
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) (void)read();
  });
  for (int round = 0; round < 200; ++round) {
    const std::string file = "f" + std::to_string(round);
    ASSERT_TRUE(index().put_object("bucket", sample_object("key", file), {}));
    ASSERT_EQ(read()->parts.at(0).file, file);
  }
}

TEST_F(S3Index, AFullDiskLeavesNothingHalfDoneAtAnyPoint) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "before"), {}));
  s3::Object object = sample_object("key", "f");
  object.parts.clear();
  for (std::uint32_t number = 1; number <= 100; ++number) {
    object.parts.push_back(sample_part(number, std::string(60, 'f') + std::to_string(number)));
  }
  int failures = 0;
  // Each round the disk has half a page more, until the commit fits.
  for (rlim_t limit = 0;; limit += 2048) {
    s3::IndexResult<s3::Discarded> result;
    {
      const FileSizeLimit full(limit);
      result = index().put_object("bucket", object, {});
    }
    if (result) break;
    ++failures;
    ASSERT_EQ(result.error().code, IndexErrc::failed);
    ASSERT_EQ(result.error().error.code, Errc::unavailable);
    const std::string& message = result.error().error.message;
    ASSERT_TRUE(message.starts_with("`" + path() + "`: ")) << message;
    ASSERT_NE(message.find("full"), std::string::npos) << message;
    ASSERT_EQ(index().object("bucket", "key", s3::Index::Detail::with_parts)->parts.size(), 1U);
    ASSERT_TRUE(index().discarded()->empty());
  }
  EXPECT_GE(failures, 3);
  EXPECT_EQ(index().object("bucket", "key", s3::Index::Detail::with_parts)->parts, object.parts);
}

TEST_F(S3Index, ReadsWhatItMayNotWriteUntilItMay) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "f"), {}));
  reopen();
  ::chmod(path().c_str(), 0444);
  ::chmod(folder().c_str(), 0555);
  const std::string before = bytes();
  {
    const WithoutRoot nobody;
    EXPECT_TRUE(index().object("bucket", "key", s3::Index::Detail::description));
    const auto done = index().put_object("bucket", sample_object("new", "g"), {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().error.code, Errc::unavailable);
    EXPECT_EQ(
        done.error().error.message,
        "`" + path() + "`: the file or its folder is read-only; make both writable for imdsd");
  }
  EXPECT_EQ(bytes(), before);
  ::chmod(path().c_str(), 0600);
  ::chmod(folder().c_str(), 0700);
  EXPECT_TRUE(index().put_object("bucket", sample_object("new", "g"), {}));
  EXPECT_TRUE(index().object("bucket", "new", s3::Index::Detail::description));
}

TEST_F(S3Index, RefusesAFileThatIsNotItsOwn) {
  ASSERT_TRUE(SqliteStore::open(path()));
  for (const std::string& content : {bytes(), std::string(5000, 'x'), std::string("short")}) {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << content;
    reopen();
    const auto opened = index().open_existing();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_TRUE(opened.error().message.starts_with("`" + path() + "`: ")) << opened.error().message;
    const auto done = index().create_bucket(sample_bucket("bucket"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().error.code, Errc::corrupt);
    EXPECT_EQ(bytes(), content);
  }
}

TEST_F(S3Index, SaysThatAValueIsDamaged) {
  ASSERT_TRUE(index().create_bucket(sample_bucket("bucket")));
  ASSERT_TRUE(index().put_object("bucket", sample_object("key", "f"), {}));
  ASSERT_TRUE(index().create_upload("bucket", sample_upload("u1", "k")));
  const auto damage = [&](const char* sql) {
    auto connection = Connection::open(path(), Access::read_write);
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->execute(sql)) << sql;
  };
  const auto expect_corrupt = [](const auto& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, IndexErrc::failed);
    EXPECT_EQ(result.error().error.code, Errc::corrupt) << result.error().error.message;
  };
  damage("UPDATE object SET checksum = 'CRC32'");
  expect_corrupt(index().object("bucket", "key", s3::Index::Detail::description));
  expect_corrupt(index().list_objects("bucket", {}));
  damage("UPDATE object SET checksum = ''; UPDATE content SET headers = 'x=1'");
  expect_corrupt(index().object("bucket", "key", s3::Index::Detail::description));
  expect_corrupt(index().upload("bucket", "k", "u1"));
  damage("UPDATE content SET headers = '', metadata = 'a=%0'");
  expect_corrupt(index().object("bucket", "key", s3::Index::Detail::description));
  damage("UPDATE content SET metadata = ''; UPDATE upload SET checksum_algorithm = 'MD4'");
  EXPECT_TRUE(index().object("bucket", "key", s3::Index::Detail::description));
  expect_corrupt(index().upload("bucket", "k", "u1"));
  expect_corrupt(index().list_uploads("bucket", {}));
  damage("UPDATE upload SET checksum_algorithm = '', checksum_type = ''");
  expect_corrupt(index().upload("bucket", "k", "u1"));
  damage("UPDATE bucket SET ownership = 'Nobody'");
  expect_corrupt(index().bucket("bucket"));
  expect_corrupt(index().list_buckets({.owner = s3::kOwner}));
}

}  // namespace
}  // namespace imdsd::store

namespace imdsd::s3 {
namespace {
INSTANTIATE_TYPED_TEST_SUITE_P(SqliteS3Index, IndexContract, store::S3Index);
}  // namespace
}  // namespace imdsd::s3
