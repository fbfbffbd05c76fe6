// SPDX-License-Identifier: MIT
#include "iam/mfa_code.h"

#include <gtest/gtest.h>

#include "base/totp.h"

namespace imdsd::iam {
namespace {

class MfaCode : public ::testing::Test {
 protected:
  MfaCode() { device_.seed = base::Secret("12345678901234567890"); }
  [[nodiscard]] std::string code(long ahead) const {
    return base::totp_code(device_.seed.reveal(), kNow + ahead);
  }
  static constexpr long kNow = 1000;
  const base::SystemTime now_{std::chrono::seconds(kNow * 30 + 7)};
  MfaDevice device_;
};

TEST_F(MfaCode, IsAcceptedOneStepEarlyOrLate) {
  EXPECT_EQ(accepted_step(device_, code(-2), now_), std::nullopt);
  EXPECT_EQ(accepted_step(device_, code(-1), now_), kNow - 1);
  EXPECT_EQ(accepted_step(device_, code(0), now_), kNow);
  EXPECT_EQ(accepted_step(device_, code(1), now_), kNow + 1);
  EXPECT_EQ(accepted_step(device_, code(2), now_), std::nullopt);
}

TEST_F(MfaCode, WorksOnce) {
  device_.last_step = kNow;
  EXPECT_EQ(accepted_step(device_, code(-1), now_), std::nullopt);
  EXPECT_EQ(accepted_step(device_, code(0), now_), std::nullopt);
  EXPECT_EQ(accepted_step(device_, code(1), now_), kNow + 1);
}

TEST_F(MfaCode, OfADeviceWhoseClockIsOffIsAcceptedOnceBothWereCompared) {
  EXPECT_EQ(accepted_step(device_, code(15), now_), std::nullopt);
  ASSERT_TRUE(synchronize(device_, code(14), code(15), now_));
  EXPECT_EQ(device_.clock_ahead, 15);
  EXPECT_EQ(device_.last_step, kNow + 15);
  EXPECT_EQ(accepted_step(device_, code(16), now_), kNow + 16);
  EXPECT_EQ(accepted_step(device_, code(1), now_), std::nullopt);
}

TEST_F(MfaCode, ThatTookAWhileToTypeMovesNoClock) {
  ASSERT_TRUE(synchronize(device_, code(-2), code(-1), now_));
  EXPECT_EQ(device_.clock_ahead, 0);
  EXPECT_EQ(device_.last_step, kNow - 1);
}

TEST_F(MfaCode, ComparisonsNeedTwoCodesInOrderThatAreFreshAndNotTooFarAway) {
  EXPECT_FALSE(synchronize(device_, code(0), code(0), now_));
  EXPECT_FALSE(synchronize(device_, code(1), code(0), now_));
  EXPECT_FALSE(synchronize(device_, code(0), code(2), now_));
  EXPECT_FALSE(synchronize(device_, code(21), code(22), now_));
  EXPECT_FALSE(synchronize(device_, code(-22), code(-21), now_));
  EXPECT_EQ(device_.last_step, 0);
  ASSERT_TRUE(synchronize(device_, code(-1), code(0), now_));
  EXPECT_FALSE(synchronize(device_, code(-1), code(0), now_));
  EXPECT_TRUE(synchronize(device_, code(1), code(2), now_));
}

}  // namespace
}  // namespace imdsd::iam
