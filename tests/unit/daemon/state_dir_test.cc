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

TEST(StateDir, TellsAbsolutePathsOfARelativeOne) {
  const TempDir temp;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(temp.path());
  const auto state = StateDir::open("state");
  std::filesystem::current_path(before);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->path_of("credentials"), temp / "state/credentials");
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

TEST(StateDir, RefusesWhatBelongsToSomebodyElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  constexpr unsigned kSomebody = 4242;
  const TempDir temp;
  const auto state = StateDir::open(temp / "s");
  ASSERT_TRUE(state);
  ASSERT_TRUE(state->write("file", "content"));
  ASSERT_EQ(::chown((temp / "s/file").c_str(), kSomebody, kSomebody), 0);
  const auto read = state->read("file");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::access_denied);
  EXPECT_EQ(read.error().message, "`" + temp / "s/file" +
                                      "` belongs to user 4242, neither to user 0, who runs this, "
                                      "nor to root");
  ASSERT_EQ(::mkdir((temp / "t").c_str(), 0700), 0);
  ASSERT_EQ(::chown((temp / "t").c_str(), kSomebody, kSomebody), 0);
  const auto other = StateDir::open(temp / "t");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::access_denied);
  EXPECT_NE(other.error().message.find("belongs to user 4242"), std::string::npos)
      << other.error().message;
}

TEST(StateDir, ReadsRegularFilesAlone) {
  const TempDir temp;
  const auto state = StateDir::open(temp.path());
  ASSERT_TRUE(state);
  ASSERT_TRUE(state->write("file", "content"));
  ASSERT_EQ(::symlink("file", (temp / "link").c_str()), 0);
  // Opening a FIFO without a writer must not wait for one.
  ASSERT_EQ(::mkfifo((temp / "fifo").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir((temp / "folder").c_str(), 0700), 0);
  for (const std::string name : {"link", "fifo", "folder"}) {
    const auto read = state->read(name);
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().message, "`" + temp / name + "` is not a regular file") << name;
  }
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
  [[nodiscard]] base::Result<sts::KeyRing> load(std::chrono::hours later = {}) {
    return load_key_ring(state_, random_, fakes::ManualClock::kStart + later);
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

TEST_F(KeyRingFile, GetsANewKeyAtALaterStartAndKeepsIt) {
  const std::string first = load()->newest().id;
  const auto rotated = load(sts::KeyRing::kRotateAtStartAfter);
  ASSERT_TRUE(rotated);
  EXPECT_NE(rotated->newest().id, first);
  EXPECT_NE(rotated->find(first), nullptr);
  const auto again = load(sts::KeyRing::kRotateAtStartAfter);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->newest().id, rotated->newest().id);
}

TEST_F(KeyRingFile, GoesOnUnderTheOldKeyWhenANewOneCannotBeWritten) {
  const std::string first = load()->newest().id;
  // In the place of the file that is written first.
  std::filesystem::create_directory(temp_ / std::string(StateDir::kKeyRing) + ".new");
  const auto ring = load(sts::KeyRing::kRotateAtStartAfter);
  ASSERT_TRUE(ring) << ring.error().message;
  EXPECT_EQ(ring->newest().id, first);
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
