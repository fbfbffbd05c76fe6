// SPDX-License-Identifier: MIT
#include "daemon/notify.h"

#include <array>
#include <cstring>
#include <unistd.h>

#include <gtest/gtest.h>

#include "notify_receiver.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

using base::Environment;

TEST(Notifier, TellsEachStateInSystemdsWords) {
  const TempDir temp;
  const NotifyReceiver receiver(temp / "notify");
  const Notifier notifier({{"NOTIFY_SOCKET", temp / "notify"}});
  notifier.ready("serving\nnothing else");
  EXPECT_EQ(receiver.receive(), "READY=1\nSTATUS=serving nothing else");
  notifier.reloading(base::SteadyTime(std::chrono::microseconds(1234567)));
  EXPECT_EQ(receiver.receive(), "RELOADING=1\nMONOTONIC_USEC=1234567");
  notifier.stopping();
  EXPECT_EQ(receiver.receive(), "STOPPING=1\nSTATUS=draining");
  notifier.watchdog();
  EXPECT_EQ(receiver.receive(), "WATCHDOG=1");
  EXPECT_EQ(receiver.receive(MSG_DONTWAIT), "nothing");
}

TEST(Notifier, ReachesAbstractSockets) {
  const std::string name = "@imdsd-test-" + std::to_string(::getpid());
  const NotifyReceiver receiver(name);
  Notifier(Environment{{"NOTIFY_SOCKET", name}}).watchdog();
  EXPECT_EQ(receiver.receive(), "WATCHDOG=1");
}

TEST(Notifier, DoesNothingWithoutSystemd) {
  Notifier(Environment()).ready("x");
  Notifier(Environment{{"NOTIFY_SOCKET", ""}}).ready("x");
  Notifier(Environment{{"NOTIFY_SOCKET", std::string(300, 'x')}}).ready("x");
  Notifier(Environment{{"NOTIFY_SOCKET", "/nowhere/at/all"}}).ready("x");
}

TEST(Notifier, WatchdogIsDueAtHalfOfItsTime) {
  const auto pid = std::to_string(::getpid());
  EXPECT_EQ(Notifier(Environment()).watchdog_interval(), std::nullopt);
  EXPECT_EQ(Notifier(Environment{{"WATCHDOG_USEC", "3000000"}}).watchdog_interval(),
            std::chrono::microseconds(1500000));
  EXPECT_EQ(Notifier(Environment{{"WATCHDOG_USEC", "3000000"}, {"WATCHDOG_PID", pid}})
                .watchdog_interval(),
            std::chrono::microseconds(1500000));
  EXPECT_EQ(Notifier(Environment{{"WATCHDOG_USEC", "3000000"}, {"WATCHDOG_PID", "1"}})
                .watchdog_interval(),
            std::nullopt);
  EXPECT_EQ(Notifier(Environment{{"WATCHDOG_USEC", "soon"}}).watchdog_interval(), std::nullopt);
  EXPECT_EQ(Notifier(Environment{{"WATCHDOG_USEC", "0"}}).watchdog_interval(), std::nullopt);
}

}  // namespace
}  // namespace imdsd::daemon
