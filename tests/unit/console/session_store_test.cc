// SPDX-License-Identifier: MIT
#include "console/session_store.h"

#include <chrono>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::console {
namespace {

using Use = SessionStore::Use;
using std::chrono::hours;
using std::chrono::minutes;

class SessionStoreTest : public testing::Test {
 protected:
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_{7};
  SessionStore store_{clock_, random_};

  static Session of(std::string user) {
    Session session;
    session.user_name = std::move(user);
    return session;
  }
  std::string user_of(const base::Secret& token, Use use = Use::look) {
    const auto session = store_.find(token.reveal(), use);
    return session ? session->user_name : "";
  }
};

TEST_F(SessionStoreTest, TokensAre256BitsAndEachIsAnother) {
  const auto james = store_.open(of("James")), mary = store_.open(of("Mary"));
  EXPECT_EQ(james.reveal().size(), 43U);
  EXPECT_EQ(user_of(james), "James");
  EXPECT_EQ(user_of(mary), "Mary");
  EXPECT_FALSE(store_.find("", Use::touch));
  EXPECT_FALSE(store_.find(james.reveal().substr(1), Use::touch));
}

TEST_F(SessionStoreTest, EndsWhenIdleAndLookingIsNoUse) {
  const auto token = store_.open(of("James"));
  clock_.advance(minutes(59));
  EXPECT_EQ(user_of(token, Use::touch), "James");
  clock_.advance(minutes(59));
  EXPECT_EQ(user_of(token), "James") << "touched an hour less a minute ago";
  clock_.advance(minutes(1));
  EXPECT_EQ(user_of(token), "");
}

TEST_F(SessionStoreTest, EndsAfterTwelveHoursHoweverBusy) {
  const auto token = store_.open(of("James"));
  for (int i = 0; i < 23; ++i) {
    clock_.advance(minutes(30));
    ASSERT_EQ(user_of(token, Use::touch), "James");
  }
  clock_.advance(minutes(30));
  EXPECT_EQ(user_of(token, Use::touch), "");
}

TEST_F(SessionStoreTest, ARoleIsTakenAndGivenBack) {
  const auto token = store_.open(of("James"));
  auto role = std::make_shared<SwitchedRole>();
  role->role = "S3-role";
  EXPECT_TRUE(store_.set_role(token.reveal(), role));
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role->role, "S3-role");
  EXPECT_TRUE(store_.set_role(token.reveal(), nullptr));
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role, nullptr);
  store_.close(token.reveal());
  EXPECT_FALSE(store_.set_role(token.reveal(), role));
}

TEST_F(SessionStoreTest, ARoleThatHasEndedTakesNoOtherWithIt) {
  const auto token = store_.open(of("James"));
  const auto ended = std::make_shared<SwitchedRole>(), next = std::make_shared<SwitchedRole>();
  ASSERT_TRUE(store_.set_role(token.reveal(), ended));
  ASSERT_TRUE(store_.set_role(token.reveal(), next)) << "by another request in the meantime";
  store_.end_role(token.reveal(), ended, "expired");
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role, next);
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role_ended, "");
  store_.end_role(token.reveal(), next, "expired");
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role, nullptr);
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role_ended, "expired");
  ASSERT_TRUE(store_.set_role(token.reveal(), next));
  EXPECT_EQ(store_.find(token.reveal(), Use::look)->role_ended, "");
}

TEST_F(SessionStoreTest, TheIdlestMakesRoom) {
  const auto first = store_.open(of("first")), second = store_.open(of("second"));
  clock_.advance(minutes(1));
  EXPECT_EQ(user_of(first, Use::touch), "first");
  for (std::size_t i = 2; i < SessionStore::kMost; ++i) {
    [[maybe_unused]] const auto filler = store_.open(of("filler"));
  }
  EXPECT_EQ(user_of(second), "second");
  [[maybe_unused]] const auto one_more = store_.open(of("one more"));
  EXPECT_EQ(user_of(second), "");
  EXPECT_EQ(user_of(first), "first");
}

TEST(CsrfToken, FollowsFromTheSessionAndDoesNotGiveItAway) {
  EXPECT_EQ(csrf_token("session-1"), csrf_token("session-1"));
  EXPECT_NE(csrf_token("session-1"), csrf_token("session-2"));
  EXPECT_EQ(csrf_token("session-1").find("session-1"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::console
