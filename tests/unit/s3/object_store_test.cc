// SPDX-License-Identifier: MIT
#include "s3/object_store.h"

#include <sys/stat.h>
#include <thread>

#include "tests/unit/s3/object_store_fixture.h"

namespace imdsd::s3 {
namespace {

using Store = ObjectStoreTest;

TEST_F(Store, MakesNothingBeforeTheFirstObject) {
  EXPECT_TRUE(store.recover());
  EXPECT_FALSE(std::filesystem::exists(directory / "s3"));
}

TEST_F(Store, GivesBackTheBytesThatWerePut) {
  const std::string bytes = std::string(100'000, 'x') + '\0' + "end";
  ASSERT_TRUE(put("key", bytes));
  const auto object = store.open_object("bucket", "key");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->object.size, bytes.size());
  EXPECT_EQ(object->reader.size(), bytes.size());
  EXPECT_EQ(get("key"), bytes);
  ASSERT_TRUE(put("empty", ""));
  EXPECT_EQ(get("empty"), "");
  const auto none = store.open_object("bucket", "none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, IndexErrc::no_such_key);
}

TEST_F(Store, NamesNoFileByItsKey) {
  for (const char* key : {"../x", "a", "a/b", "//", "/etc/passwd", "new", "nul\x01"}) {
    ASSERT_TRUE(put(key, key));
  }
  for (const char* key : {"../x", "a", "a/b", "//", "/etc/passwd", "new", "nul\x01"}) {
    EXPECT_EQ(get(key), key);
  }
  const auto paths = files_in("/kept");
  EXPECT_EQ(paths.size(), 7U);
  EXPECT_EQ(files_in().size(), 7U);
  for (const std::string& path : paths) {
    const std::string name = path.substr(path.rfind('/') + 1);
    EXPECT_EQ(name.size(), 32U) << path;
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos) << path;
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U);
  }
}

TEST_F(Store, LeavesNothingOfWhatIsNotPut) {
  { const FileWriter abandoned = written("half"); }
  EXPECT_TRUE(files_in().empty());
  index.fail_next = true;
  const auto failed = put("key", "bytes");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, IndexErrc::failed);
  EXPECT_TRUE(files_in().empty());
  const auto nowhere = store.put_object("other", sample_object("key", ""), written("bytes"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, IndexErrc::no_such_bucket);
  EXPECT_TRUE(files_in().empty());
  const auto refused =
      store.put_part("bucket", "key", "no-upload", sample_part(1, ""), written("bytes"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, IndexErrc::no_such_upload);
  EXPECT_TRUE(files_in().empty());
}

TEST_F(Store, RemovesTheFilesOfWhatIsReplacedOrDeleted) {
  ASSERT_TRUE(put("key", "1"));
  ASSERT_TRUE(put("key", "2"));
  EXPECT_EQ(files_in().size(), 1U);
  EXPECT_EQ(get("key"), "2");
  put_parts("key", {"3", "4", "5"});
  EXPECT_EQ(files_in().size(), 3U);
  EXPECT_EQ(get("key"), "345");
  ASSERT_TRUE(store.delete_object("bucket", "key"));
  EXPECT_TRUE(files_in().empty());
  EXPECT_TRUE(index.discarded()->empty());
}

TEST_F(Store, ReadsOnInWhatWasReplacedOrDeleted) {
  ASSERT_TRUE(put("one", "old"));
  put_parts("two", {"o", "l", "d"});
  FileReader one = opened("one"), two = opened("two"), two_as_well = opened("two");
  ASSERT_TRUE(put("one", "new"));
  ASSERT_TRUE(store.delete_object("bucket", "two"));
  EXPECT_EQ(bytes_of(one), "old");
  EXPECT_EQ(bytes_of(two), "old");
  EXPECT_EQ(files_in().size(), 4U);
  { const FileReader ends = std::move(two); }
  EXPECT_EQ(files_in().size(), 4U) << "another reader has them";
  EXPECT_EQ(bytes_of(two_as_well), "old");
  { const FileReader ends = std::move(two_as_well); }
  EXPECT_EQ(files_in().size(), 1U);
  EXPECT_EQ(get("one"), "new");
}

TEST_F(Store, ReadsAnyRangeAcrossParts) {
  put_parts("key", {"abc", "", "d", "efgh"});
  FileReader reader = opened("key");
  const std::string whole = "abcdefgh";
  for (std::size_t from = 0; from <= whole.size() + 1; ++from) {
    for (std::size_t size = 0; size <= whole.size() + 1; ++size) {
      std::string out(size, '\0');
      const auto got = reader.read(from, out);
      ASSERT_TRUE(got);
      EXPECT_EQ(out.substr(0, *got), from < whole.size() ? whole.substr(from, size) : "");
    }
  }
}

TEST_F(Store, EndsAnUploadWithItsFiles) {
  ASSERT_TRUE(index.create_upload("bucket", sample_upload("upload", "key")));
  const auto put_part = [&](std::uint32_t number) {
    return store.put_part("bucket", "key", "upload", sample_part(number, ""), written("bytes"));
  };
  ASSERT_TRUE(put_part(1));
  ASSERT_TRUE(put_part(1));
  ASSERT_TRUE(put_part(2));
  EXPECT_EQ(files_in().size(), 2U);
  ASSERT_TRUE(store.abort_upload("bucket", "key", "upload"));
  EXPECT_TRUE(files_in().empty());
  ASSERT_TRUE(index.create_upload("bucket", sample_upload("upload", "key")));
  ASSERT_TRUE(put_part(1));
  ASSERT_TRUE(store.delete_bucket("bucket"));
  EXPECT_TRUE(files_in().empty());
}

TEST_F(Store, GivesBackRoomThatWasSetAside) {
  ASSERT_TRUE(store.put_object("bucket", sample_object("key", ""), written("small", 64ULL << 20)));
  struct stat status {};
  ASSERT_EQ(::stat(files_in().at(0).c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 5);
  EXPECT_LE(status.st_blocks * 512, 1 << 20);
}

TEST_F(Store, RemembersSmallObjectsThatWereRead) {
  ASSERT_TRUE(put("small", "bytes"));
  ASSERT_TRUE(put("large", std::string(17'000, 'l')));
  ASSERT_TRUE(put("empty", ""));
  put_parts("parts", {"a", "b"});
  for (const char* key : {"small", "large", "empty", "parts"}) {
    EXPECT_FALSE(store.remembers("bucket", key)) << key;
    get(key);
  }
  EXPECT_TRUE(store.remembers("bucket", "small"));
  EXPECT_TRUE(store.remembers("bucket", "empty"));
  EXPECT_FALSE(store.remembers("bucket", "large"));
  EXPECT_FALSE(store.remembers("bucket", "parts"));
  std::string part(2, '\0');
  FileReader reader = opened("small");
  EXPECT_EQ(reader.read(3, part).value(), 2U);
  EXPECT_EQ(part, "es");
  EXPECT_EQ(reader.read(5, part).value(), 0U);
  ASSERT_TRUE(put("small", "other"));
  EXPECT_FALSE(store.remembers("bucket", "small"));
  EXPECT_EQ(get("small"), "other");
  EXPECT_EQ(bytes_of(reader), "bytes") << "who reads goes on";
  ASSERT_TRUE(store.delete_object("bucket", "small"));
  EXPECT_FALSE(store.remembers("bucket", "small"));
}

TEST_F(Store, SaysWhatIsWrongWithAFile) {
  ASSERT_TRUE(put("key", "bytes"));
  const std::string path = files_in().at(0);
  std::filesystem::resize_file(path, 3);
  FileReader reader = opened("key");
  std::string out(5, '\0');
  const auto shorter = reader.read(0, out);
  ASSERT_FALSE(shorter);
  EXPECT_EQ(shorter.error().code, base::Errc::corrupt);
  EXPECT_EQ(shorter.error().message, "`" + path +
                                         "` is shorter than the index says; put a backup in its "
                                         "place, or delete the object");
  std::filesystem::remove(path);
  const auto gone = store.open_object("bucket", "key");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, IndexErrc::failed);
  EXPECT_EQ(gone.error().error.code, base::Errc::corrupt);
  EXPECT_NE(gone.error().error.message.find(path), std::string::npos);
  EXPECT_TRUE(store.delete_object("bucket", "key")) << "as the message says";
}

TEST_F(Store, SaysThatItCannotWrite) {
  std::ofstream(directory / "s3") << "a file where the folder should be";
  const auto writer = store.create(0);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, base::Errc::unavailable);
  EXPECT_NE(writer.error().message.find(directory / "s3"), std::string::npos)
      << writer.error().message;
  std::filesystem::remove(directory / "s3");
  EXPECT_TRUE(put("key", "bytes")) << "it works once that is mended";
}

TEST_F(Store, PutsInOrderWhatAKilledProcessLeft) {
  ASSERT_TRUE(put("kept", "1"));
  ASSERT_TRUE(put("durable", "2"));
  ASSERT_TRUE(put("deleted", "3"));
  // Killed between the row and the move; between the row and the removal; before the row.
  const Part durable = index.object("bucket", "durable", Index::Detail::with_parts)->parts.at(0);
  const std::string new_folder = directory / "s3/new/";
  std::filesystem::rename(directory / "s3/kept/" + durable.file, new_folder + durable.file);
  ASSERT_TRUE(index.delete_object("bucket", "deleted", {}));
  std::ofstream(new_folder + "0123456789abcdef0123456789abcdef") << "half";
  EXPECT_EQ(files_in().size(), 4U);
  EXPECT_EQ(get("durable"), "2");

  ASSERT_TRUE(store.recover());
  EXPECT_TRUE(files_in("/new").empty());
  EXPECT_EQ(files_in().size(), 2U);
  EXPECT_TRUE(index.discarded()->empty());
  EXPECT_EQ(get("kept"), "1");
  EXPECT_EQ(get("durable"), "2");
}

TEST_F(Store, GivesEachReaderOneWholeObject) {
  // A writer replaces the object, now of one part and now of several, while others read it.
  ASSERT_TRUE(put("key", "0000"));
  std::jthread writer([&](const std::stop_token& stop) {
    for (int round = 0; !stop.stop_requested(); ++round) {
      const std::string digit = std::to_string(round % 10);
      if (round % 2 == 0) {
        EXPECT_TRUE(put("key", digit + digit + digit + digit));
      } else {
        put_parts("key", {digit, digit + digit, digit});
      }
    }
  });
  const auto read = [&] {
    for (int round = 0; round < 300; ++round) {
      const std::string bytes = get("key");
      EXPECT_EQ(bytes, std::string(4, bytes.empty() ? '?' : bytes[0]));
    }
  };
  {
    const std::jthread other(read);
    read();
  }
  writer.request_stop();
  writer.join();
  EXPECT_EQ(files_in().size(),
            index.object("bucket", "key", Index::Detail::with_parts)->parts.size());
}

}  // namespace
}  // namespace imdsd::s3
