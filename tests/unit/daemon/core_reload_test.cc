// SPDX-License-Identifier: MIT
// A reload and the API of IAM, both at the directory.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "daemon/core.h"
#include "temp_dir.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

/// Whose commits take until they may end.
class HeldStore final : public iam::Store {
 public:
  base::Result<Content> load() override { return kept_.load(); }
  base::Result<void> commit(std::span<const iam::Change> changes) override {
    std::unique_lock lock(mutex_);
    committing_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    committing_ = false;
    return kept_.commit(changes);
  }
  base::Result<void> commit_usage(std::span<const iam::Usage> usage) override {
    return kept_.commit_usage(usage);
  }
  base::Result<std::optional<std::string>> meta(std::string_view key) override {
    return kept_.meta(key);
  }
  base::Result<void> set_meta(std::string_view key, std::string_view value) override {
    return kept_.set_meta(key, value);
  }

  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void wait_for_commit() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return committing_; });
  }

 private:
  fakes::MemoryStore kept_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false, committing_ = false;
};

class CoreReload : public testing::Test {
 protected:
  CoreReload() {
    auto store = std::make_unique<HeldStore>();
    store_ = store.get();
    auto state = StateDir::open(temp_.path()).value();
    auto ring = load_key_ring(state, random_, clock_.now()).value();
    core_ = std::make_unique<Core>(clock_, random_, std::move(state), std::move(ring),
                                   load_iam(std::move(store)).value());
  }

  [[nodiscard]] bool apply(const std::string& role) {
    return core_->apply(TestConfig{"[auth]\nmode = \"off\"\n" + role_toml(role)}.config())
        .has_value();
  }
  [[nodiscard]] bool create_user(const std::string& name) const {
    return core_
               ->handle_aws(
                   fakes::HttpRequestBuilder(
                       "GET", "/?Action=CreateUser&Version=2010-05-08&UserName=" + name)
                       .header("Host", "127.0.0.1:1339")
                       .header("X-Amz-Date", "20260101T000000Z")
                       .header("Authorization",
                               "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/"
                               "us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, "
                               "Signature=" +
                                   std::string(64, '0'))
                       .from("127.0.0.1:5000")
                       .build())
               .status == 200;
  }
  /// By what STS decides by, as in each of its calls.
  [[nodiscard]] bool sts_knows(const std::string& user) const {
    ExplainQuery query;
    query.caller = "arn:aws:iam::123456789012:user/" + user;
    query.action = "sts:AssumeRole";
    query.resource = "*";
    return core_->explain(query).has_value();
  }

  TempDir temp_;
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  HeldStore* store_ = nullptr;
  std::unique_ptr<Core> core_;
};

TEST_F(CoreReload, ChangesByTheApiAreSeenWhenTheyAreAnsweredNotWhenTheReloadIsOver) {
  ASSERT_TRUE(apply("role"));
  ASSERT_FALSE(sts_knows("nobody"));
  // The reload and the call go to the disk together, behind another one. Of the two that call may
  // be answered first or last; in so many rounds it is the first some time.
  for (int round = 0; round < 40; ++round) {
    const std::string number = std::to_string(round);
    store_->hold();
    std::jthread first([&] { EXPECT_TRUE(create_user("first-" + number)); });
    store_->wait_for_commit();
    std::jthread second([&] {
      EXPECT_TRUE(create_user("second-" + number));
      EXPECT_TRUE(sts_knows("second-" + number));
    });
    while (core_->waiting_writers() < 1) std::this_thread::yield();
    std::jthread reload([&] { EXPECT_TRUE(apply("role-" + number)); });
    while (core_->waiting_writers() < 2) std::this_thread::yield();
    store_->release();
  }
}

}  // namespace
}  // namespace imdsd::daemon
