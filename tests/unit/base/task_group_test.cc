// SPDX-License-Identifier: MIT
#include "base/task_group.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <pthread.h>
#include <stdexcept>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

void wait_for_stop(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, stop, [] { return false; });
}

TEST(TaskGroup, StopEndsEveryTaskAndJoinWaits) {
  std::atomic<int> ended = 0;
  TaskGroup group;
  for (int i = 0; i < 3; ++i) {
    group.spawn("task", [&](const std::stop_token& stop) {
      wait_for_stop(stop);
      ++ended;
    });
  }
  EXPECT_FALSE(group.stop_token().stop_requested());
  group.stop();
  group.join();
  EXPECT_EQ(ended, 3);
  EXPECT_TRUE(group.stop_token().stop_requested());
}

TEST(TaskGroup, DestructionStopsAndJoins) {
  std::atomic<bool> ended = false;
  {
    TaskGroup group;
    group.spawn("task", [&](const std::stop_token& stop) {
      wait_for_stop(stop);
      ended = true;
    });
  }
  EXPECT_TRUE(ended);
}

TEST(TaskGroup, JoinWaitsForTasksThatTasksSpawned) {
  std::atomic<int> ended = 0;
  TaskGroup group;
  group.spawn("outer", [&](const std::stop_token&) {
    group.spawn("inner", [&](const std::stop_token&) { ++ended; });
    ++ended;
  });
  group.join();
  EXPECT_EQ(ended, 2);
}

TEST(TaskGroup, SpawnBehindStopSeesTheRequest) {
  TaskGroup group;
  group.stop();
  std::atomic<bool> requested = false;
  group.spawn("late", [&](const std::stop_token& stop) { requested = stop.stop_requested(); });
  group.join();
  EXPECT_TRUE(requested);
}

TEST(TaskGroup, NamesTheThreadUpToFifteenBytes) {
  std::string short_name, long_name;
  const auto name_of_this_thread = [] {
    std::array<char, 32> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    return std::string(name.data());
  };
  TaskGroup group;
  group.spawn("reload", [&](const std::stop_token&) { short_name = name_of_this_thread(); });
  group.spawn("a-name-that-is-too-long",
              [&](const std::stop_token&) { long_name = name_of_this_thread(); });
  group.join();
  EXPECT_EQ(short_name, "reload");
  EXPECT_EQ(long_name, "a-name-that-is-");
}

TEST(TaskGroupDeathTest, TaskThatThrowsEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        TaskGroup group;
        group.spawn("broken",
                    [](const std::stop_token&) { throw std::runtime_error("broken task"); });
        group.join();
      },
      "");
}

}  // namespace
}  // namespace imdsd::base
