// SPDX-License-Identifier: MIT
#include "daemon/state_dir.h"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "daemon/files.h"
#include "temp_dir.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

using base::Errc;

unsigned mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST(StateDir, IsMadeForItsOwnerAlone) {
  const TempDir temp;
  const auto state = StateDir::open(temp / "a/b/c");
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(mode_of(temp / "a/b/c"), 0700U);
  ASSERT_TRUE(state->write("file", "content"));
  EXPECT_EQ(mode_of(temp / "a/b/c/file"), 0600U);
  EXPECT_EQ(state->read("file").value(), "content");
  EXPECT_EQ(state->read("missing").value(), std::nullopt);
}

TEST(StateDir, IsNotSharedByTwoDaemons) {
  const TempDir temp;
  {
    const auto first = StateDir::open(temp / "s");
    ASSERT_TRUE(first);
    const auto second = StateDir::open(temp / "s");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message,
              "state directory `" + temp / "s" + "` is in use by another imdsd (process " +
                  std::to_string(::getpid()) + "): stop it, or give this one its own state_dir");
  }
  EXPECT_TRUE(StateDir::open(temp / "s")) << "free again when the first is gone";
}

TEST(StateDir, RefusesAFolderThatOthersMayWrite) {
  const TempDir temp;
  ASSERT_EQ(::mkdir((temp / "s").c_str(), 0700), 0);
  ASSERT_EQ(::chmod((temp / "s").c_str(), 0770), 0);
  const auto state = StateDir::open(temp / "s");
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::access_denied);
}

TEST(StateDir, RefusesAFileThatOthersMayRead) {
  const TempDir temp;
  const auto state = StateDir::open(temp.path());
  ASSERT_TRUE(state);
  ASSERT_TRUE(state->write("file", "content"));
  ASSERT_EQ(::chmod((temp / "file").c_str(), 0640), 0);
  const auto read = state->read("file");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::access_denied);
}

TEST(StateDir, ReplacesFilesWhole) {
  const TempDir temp;
  const auto state = StateDir::open(temp.path());
  ASSERT_TRUE(state);
  ASSERT_TRUE(
      write_file_atomically(temp / "file.new", "left by a crash, and longer than the next"));
  ASSERT_TRUE(state->write("file", "one"));
  ASSERT_TRUE(state->write("file", "two"));
  EXPECT_EQ(state->read("file").value(), "two");
  EXPECT_FALSE(std::filesystem::exists(temp / "file.new"));
}

TEST(StateDir, SaysWhyItCannotBeMade) {
  const TempDir temp;
  ASSERT_TRUE(write_file_atomically(temp / "file", ""));
  const auto state = StateDir::open(temp / "file/below");
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().message, "cannot create `" + temp / "file/below" + "`: not a directory");
}

class KeyRingFile : public testing::Test {
 protected:
  TempDir temp_;
  fakes::ScriptedRandom random_;
  StateDir state_ = StateDir::open(temp_.path()).value();
  [[nodiscard]] base::Result<sts::KeyRing> load() {
    return load_key_ring(state_, random_, fakes::ManualClock::kStart);
  }
};

TEST_F(KeyRingFile, IsMadeOnceAndReadAgain) {
  const auto made = load();
  ASSERT_TRUE(made);
  EXPECT_EQ(mode_of(temp_ / StateDir::kKeyRing), 0600U);
  const auto again = load();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->newest().id, made->newest().id);
  EXPECT_EQ(again->newest().key.reveal(), made->newest().key.reveal());
}

TEST_F(KeyRingFile, CorruptOneIsRefusedAndNotOverwritten) {
  ASSERT_TRUE(load());
  const auto whole = read_file(temp_ / StateDir::kKeyRing).value();
  for (const auto size : {std::size_t{0}, whole.size() / 2, whole.size() - 3}) {
    ASSERT_TRUE(state_.write(StateDir::kKeyRing, whole.substr(0, size)));
    const auto ring = load();
    ASSERT_FALSE(ring) << size;
    EXPECT_EQ(ring.error().code, Errc::corrupt);
    EXPECT_NE(ring.error().message.find(temp_ / StateDir::kKeyRing), std::string::npos);
    EXPECT_EQ(ring.error().message.find(whole.substr(20, 20)), std::string::npos)
        << "no key material in the message";
    EXPECT_EQ(read_file(temp_ / StateDir::kKeyRing).value(), whole.substr(0, size));
  }
}

TEST(ReadFile, StopsAtFilesWithoutAnEnd) {
  const auto content = read_file("/dev/zero");
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, Errc::too_large);
}

}  // namespace
}  // namespace imdsd::daemon
