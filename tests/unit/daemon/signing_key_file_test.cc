// SPDX-License-Identifier: MIT
#include "daemon/signing_key_file.h"

#include <string>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

constexpr base::SystemTime kNow{std::chrono::seconds(1'800'000'000)};

class SigningKeyFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string content() const {
    return state_.read(StateDir::kSigningKeys).value().value_or("(none)");
  }

  TempDir temp_;
  StateDir state_ = StateDir::open(temp_ / "state").value();
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

}  // namespace
}  // namespace imdsd::daemon
