// SPDX-License-Identifier: MIT
#include "daemon/services.h"

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "temp_dir.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

class AwsServicePlan : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(core_.apply(TestConfig{""}.config())); }

  [[nodiscard]] http::BodyPlan plan(const std::string& content_length) const {
    fakes::HttpRequestBuilder request("POST", "/");
    if (!content_length.empty()) request.header("Content-Length", content_length);
    return service_->plan(request.build());
  }

  TempDir temp_;
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  StateDir state_ = StateDir::open(temp_.path()).value();
  sts::KeyRing ring_ = load_key_ring(state_, random_, clock_.now()).value();
  IamState iam_ = open_iam(state_).value();
  Core core_{clock_, random_, std::move(state_), std::move(ring_), std::move(iam_)};
  std::shared_ptr<const http::Service> service_ = aws_service(core_);
};

TEST_F(AwsServicePlan, TakesBodiesUpToTheCap) {
  for (const std::string length : {"", "0", "10000000"}) {
    EXPECT_FALSE(plan(length).refuse) << length;
    EXPECT_EQ(plan(length).max_bytes, 10'000'000U);
  }
}

TEST_F(AwsServicePlan, AnswersALongerOneWithAnEmpty413) {
  for (const std::string length : {"10000001", "99999999999999999999999"}) {
    const auto refused = plan(length).refuse;
    ASSERT_TRUE(refused) << length;
    EXPECT_EQ(refused->status, 413);
    EXPECT_EQ(refused->body, "");
  }
}

}  // namespace
}  // namespace imdsd::daemon
