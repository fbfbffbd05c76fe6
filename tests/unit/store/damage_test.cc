// SPDX-License-Identifier: MIT
// Files that do not read are refused and left as they are.
#include "store/sqlite_store.h"
#include "tests/unit/store/database_fixture.h"

namespace imdsd::store {
namespace {

using base::Errc;

class Damage : public DatabaseTest {
 protected:
  /// Opening or loading must fail; nothing is written.
  void expect_refused(const std::string& damaged) const {
    write_bytes(damaged);
    if (auto store = SqliteStore::open(path())) {
      const auto loaded = (*store)->load();
      ASSERT_FALSE(loaded);
      EXPECT_EQ(loaded.error().code, Errc::corrupt);
    } else {
      EXPECT_EQ(store.error().code, Errc::corrupt) << store.error().message;
      EXPECT_TRUE(store.error().message.starts_with("`" + path() + "`: ")) << store.error().message;
    }
    EXPECT_EQ(bytes(), damaged);
  }
};

TEST_F(Damage, RandomBytesAreNoDatabase) {
  std::string noise;
  for (unsigned i = 0; i < 20000; ++i) noise += static_cast<char>(i * i * 2654435761U >> 13);
  for (const std::size_t size : {1U, 99U, 100U, 511U, 4096U, 20000U}) {
    SCOPED_TRACE(size);
    expect_refused(noise.substr(0, size));
  }
}

TEST_F(Damage, ATruncatedFileIsRefused) {
  make_filled();
  const std::string whole = bytes();
  for (std::size_t size = 1; size < whole.size(); size += size < 120 ? 7 : 1531) {
    SCOPED_TRACE(size);
    expect_refused(whole.substr(0, size));
  }
}

TEST_F(Damage, AHeaderWithAFlippedByteIsRefusedOrHarmless) {
  make_filled();
  const std::string whole = bytes();
  for (std::size_t at = 0; at < 100; ++at) {
    SCOPED_TRACE(at);
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
    write_bytes(damaged);
    // Page size, format, magic, application id and version matter; counters do not.
    if (const auto store = SqliteStore::open(path())) {
      if (const auto loaded = (*store)->load()) {
        EXPECT_EQ(texts(loaded->entities), texts(sample::every_kind()));
      }
    } else {
      EXPECT_EQ(bytes(), damaged) << store.error().message;
    }
    std::filesystem::remove(path() + "-wal");
    std::filesystem::remove(path() + "-shm");
  }
}

TEST_F(Damage, APageOfNoiseIsNamed) {
  make_filled();
  const std::string whole = bytes();
  for (std::size_t page = 1; page * 4096 < whole.size(); ++page) {
    SCOPED_TRACE(page);
    std::string damaged = whole;
    for (std::size_t i = 0; i < 4096; ++i) damaged[page * 4096 + i] = static_cast<char>(i * 37 + 5);
    write_bytes(damaged);
    auto store = SqliteStore::open(path());
    if (!store) {
      EXPECT_EQ(store.error().code, Errc::corrupt) << store.error().message;
    } else if (const auto loaded = (*store)->load(); !loaded) {
      EXPECT_EQ(loaded.error().code, Errc::corrupt) << loaded.error().message;
    } else {
      EXPECT_EQ(texts(loaded->entities), texts(sample::every_kind()));
    }
  }
}

TEST_F(Damage, AnEntityThatDoesNotReadIsNamedWithoutItsText) {
  make_filled();
  std::string damaged = bytes();
  const auto at = damaged.find("\"secret\":\"s3cr3t/+1\"");
  ASSERT_NE(at, std::string::npos);
  damaged[at] = '\'';
  write_bytes(damaged);
  const auto loaded = open()->load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::corrupt);
  EXPECT_EQ(loaded.error().message, "`" + path() + "`: entity `AIDA1`: user: not JSON");
}

}  // namespace
}  // namespace imdsd::store
