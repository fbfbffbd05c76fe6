// SPDX-License-Identifier: MIT
#include "daemon/identity_store.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "daemon/files.h"
#include "temp_dir.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::daemon {
namespace {

class IdentityStoreTest : public testing::Test {
 protected:
  TempDir temp_;
  fakes::ManualClock clock_;
  StateDir state_ = StateDir::open(temp_.path()).value();
  const std::string path_ = state_.path_of(IdentityStore::file_name("us-east-1"));

  static std::string certificate(const imds::IdentitySigner& signer) {
    const auto keys = signer.keys();
    return keys ? keys->front().certificate_pem() : keys.error().message;
  }
};

TEST_F(IdentityStoreTest, MakesKeysOnceForEachRegion) {
  IdentityStore store(state_, clock_);
  const auto east = store.signer("us-east-1"), west = store.signer("us-west-2");
  ASSERT_TRUE(east && west);
  EXPECT_EQ(store.signer("us-east-1").value(), *east);
  EXPECT_FALSE(read_file(path_)) << "made when they are needed";
  EXPECT_NE(certificate(**east), certificate(**west));
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(IdentityStoreTest, KeepsKeysOverARestart) {
  std::string before;
  {
    IdentityStore store(state_, clock_);
    before = certificate(*store.signer("us-east-1").value());
  }
  IdentityStore store(state_, clock_);
  EXPECT_TRUE(store.signer("us-east-1").value()->sign(0, "document", clock_.now())) << "at once";
  EXPECT_EQ(certificate(*store.signer("us-east-1").value()), before);
}

TEST_F(IdentityStoreTest, RefusesWhatDoesNotReadBackAndLeavesIt) {
  ASSERT_TRUE(state_.write(IdentityStore::file_name("us-east-1"), "damaged"));
  IdentityStore store(state_, clock_);
  const auto signer = store.signer("us-east-1");
  ASSERT_FALSE(signer);
  EXPECT_EQ(signer.error().code, base::Errc::corrupt);
  EXPECT_EQ(signer.error().message,
            "`" + path_ +
                "`: these are not the keys for identity documents; restore it, or remove it, "
                "which makes new certificates");
  EXPECT_EQ(read_file(path_).value(), "damaged");
}

TEST_F(IdentityStoreTest, RefusesKeysThatOthersMayRead) {
  ASSERT_TRUE(state_.write(IdentityStore::file_name("us-east-1"), "x"));
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  IdentityStore store(state_, clock_);
  const auto signer = store.signer("us-east-1");
  ASSERT_FALSE(signer);
  EXPECT_EQ(signer.error().code, base::Errc::access_denied);
}

}  // namespace
}  // namespace imdsd::daemon
