// SPDX-License-Identifier: MIT
#include "daemon/rotation_log.h"

#include <gtest/gtest.h>

#include "base/log.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::daemon {
namespace {

sts_client::RotationState failed(std::string id, std::string message) {
  sts_client::RotationState state;
  state.instance.instance_id = std::move(id);
  state.failure = base::Error{base::Errc::access_denied, std::move(message)};
  return state;
}

class RotationLogTest : public testing::Test {
 protected:
  RotationLogTest() { base::configure_log(base::LogLevel::info, base::LogFormat::text); }
  [[nodiscard]] bool tells(const sts_client::RotationState& state) {
    testing::internal::CaptureStderr();
    log_.tell(state);
    return !testing::internal::GetCapturedStderr().empty();
  }

  fakes::ManualClock clock_;
  RotationLog log_{clock_};
};

TEST_F(RotationLogTest, TellsAFailureOnceAMinute) {
  EXPECT_TRUE(tells(failed("i-1", "no trust")));
  EXPECT_FALSE(tells(failed("i-1", "no trust")));
  EXPECT_TRUE(tells(failed("i-2", "no trust"))) << "another one's";
  EXPECT_TRUE(tells(failed("i-1", "no role"))) << "another one";
  clock_.advance(std::chrono::seconds(59));
  EXPECT_FALSE(tells(failed("i-1", "no role")));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(tells(failed("i-1", "no role")));
}

TEST_F(RotationLogTest, TellsItAgainBehindASuccess) {
  EXPECT_TRUE(tells(failed("i-1", "no trust")));
  sts_client::RotationState fine;
  fine.instance.instance_id = "i-1";
  EXPECT_FALSE(tells(fine)) << "nothing obtained, nothing failed";
  EXPECT_TRUE(tells(failed("i-1", "no trust")));
}

}  // namespace
}  // namespace imdsd::daemon
