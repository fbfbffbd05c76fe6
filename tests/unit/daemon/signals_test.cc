// SPDX-License-Identifier: MIT
#include "daemon/signals.h"

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace imdsd::daemon {
namespace {

using Event = Signals::Event;

TEST(Signals, BecomeEvents) {
  auto signals = Signals::block();
  ASSERT_TRUE(signals);
  ::kill(::getpid(), SIGHUP);
  EXPECT_EQ(signals->wait(), Event::reload);
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(signals->wait(), Event::terminate);
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(signals->wait(), Event::terminate);
  signals->finish();
  EXPECT_EQ(signals->wait(), Event::finished);
  ::kill(::getpid(), SIGPIPE);  // ignored: the test goes on
}

}  // namespace
}  // namespace imdsd::daemon
