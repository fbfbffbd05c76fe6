// SPDX-License-Identifier: MIT
#include "daemon/signing_key_file.h"

#include <fcntl.h>
#include <semaphore>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/file_descriptor.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using namespace std::chrono_literals;

constexpr base::SystemTime kNow{std::chrono::seconds(1'800'000'000)};

class SigningKeyFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string content() const {
    return state_.read(StateDir::kSigningKeys).value().value_or("(none)");
  }

  TempDir temp_;
  StateDir state_ = StateDir::open(temp_ / "state").value();
  const std::string new_file_ = state_.path_of(StateDir::kSigningKeys) + ".new";  // then renamed
};

TEST_F(SigningKeyFileTest, IsMadeWhenFirstAskedForAndReadBack) {
  SigningKeyFile file(state_);
  EXPECT_EQ(content(), "(none)");
  const auto keys = file.keys(kNow).value();
  EXPECT_EQ(keys->all().size(), 2u);
  EXPECT_EQ(file.keys(kNow).value(), keys);
  const std::string written = content();
  SigningKeyFile again(state_);
  EXPECT_EQ(again.keys(kNow).value()->all()[0].id, keys->all()[0].id);
  EXPECT_EQ(content(), written);
}

TEST_F(SigningKeyFileTest, KeysAreReplacedWhenTheyAreDue) {
  SigningKeyFile file(state_);
  const std::string first = file.keys(kNow).value()->all()[0].id;
  const auto later = file.keys(kNow + sts::SigningKeys::kPeriod).value();
  EXPECT_EQ(later->all().size(), 4u);
  EXPECT_EQ(sts::SigningKeys::from_json(content()).value().all().size(), 4u);
  EXPECT_EQ(later->all()[0].id, first);
}

TEST_F(SigningKeyFileTest, WhatDoesNotReadBackIsRefusedAndNotOverwritten) {
  ASSERT_TRUE(state_.write(StateDir::kSigningKeys, "{}"));
  SigningKeyFile file(state_);
  const auto refused = file.keys(kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Errc::corrupt);
  EXPECT_NE(refused.error().message.find("signing-keys.json"), std::string::npos);
  EXPECT_EQ(content(), "{}");
}

TEST_F(SigningKeyFileTest, OldKeysGoOnWhileNewOnesCannotBeWritten) {
  SigningKeyFile file(state_);
  const auto keys = file.keys(kNow).value();
  // A folder in its place: no file can be renamed over it.
  ASSERT_TRUE(state_.remove(StateDir::kSigningKeys));
  ASSERT_EQ(::mkdir(state_.path_of(StateDir::kSigningKeys).c_str(), 0700), 0);
  EXPECT_EQ(file.keys(kNow + sts::SigningKeys::kPeriod).value(), keys);
}

TEST_F(SigningKeyFileTest, AFailureIsToldForAMinuteAndTheKeysAreKept) {
  SigningKeyFile file(state_);
  ASSERT_EQ(::mkdir(new_file_.c_str(), 0700), 0);
  const auto failed = file.keys(kNow);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("signing-keys.json.new"), std::string::npos);
  ASSERT_EQ(::rmdir(new_file_.c_str()), 0);
  const auto again = file.keys(kNow + SigningKeyFile::kRetryAfter - 1s);
  ASSERT_FALSE(again) << "not tried";
  EXPECT_EQ(again.error(), failed.error());
  const auto keys = file.keys(kNow + SigningKeyFile::kRetryAfter);
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ((*keys)->all()[0].created, kNow) << "those that could not be written";
}

TEST_F(SigningKeyFileTest, KeysThatCouldNotBeWrittenForLongAreMadeAnew) {
  SigningKeyFile file(state_);
  ASSERT_EQ(::mkdir(new_file_.c_str(), 0700), 0);
  ASSERT_FALSE(file.keys(kNow));
  ASSERT_EQ(::rmdir(new_file_.c_str()), 0);
  const auto later = kNow + SigningKeyFile::kKeepUnwritten;
  EXPECT_EQ(file.keys(later).value()->all()[0].created, later);
}

TEST_F(SigningKeyFileTest, NobodyWaitsForWhoReplacesOldKeys) {
  SigningKeyFile file(state_);
  const auto old = file.keys(kNow).value();
  // A disk that answers when the test wants it to: opening a pipe waits for its reader.
  ASSERT_EQ(::mkfifo(new_file_.c_str(), 0600), 0);
  std::counting_semaphore<2> answered(0);
  std::vector<std::jthread> callers;
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] {
      EXPECT_EQ(file.keys(kNow + sts::SigningKeys::kPeriod).value(), old);
      answered.release();
    });
  }
  EXPECT_TRUE(answered.try_acquire_for(20s)) << "both wait for the disk";
  EXPECT_FALSE(answered.try_acquire());
  const base::FileDescriptor reader(::open(new_file_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  callers.clear();
}

}  // namespace
}  // namespace imdsd::daemon
