// SPDX-License-Identifier: MIT
#include "http/worker_pool.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <latch>

#include <gtest/gtest.h>

#include "http/body_budget.h"

namespace imdsd::http {
namespace {

TEST(WorkerPool, RunsAsManyJobsAtOnceAsItHasThreads) {
  WorkerPool pool("test", 3, 10);
  std::latch together(3), done(3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.submit([&] {
      together.arrive_and_wait();
      done.count_down();
    }));
  }
  done.wait();
}

std::ptrdiff_t threads_of_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST(WorkerPool, MakesAThreadWhenThereIsWorkForIt) {
  const auto before = threads_of_process();
  WorkerPool pool("test", 5, 10);
  EXPECT_EQ(threads_of_process(), before);
  std::latch running(2), release(1);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(pool.submit([&] {
      running.count_down();
      release.wait();
    }));
  }
  running.wait();
  EXPECT_EQ(threads_of_process(), before + 2);
  release.count_down();
}

TEST(WorkerPool, RefusesBeyondItsQueue) {
  WorkerPool pool("test", 1, 2);
  std::latch running(1), release(1), done(3);
  ASSERT_TRUE(pool.submit([&] {
    running.count_down();
    release.wait();
    done.count_down();
  }));
  running.wait();
  EXPECT_FALSE(pool.has_queue());
  EXPECT_TRUE(pool.submit([&] { done.count_down(); }));
  EXPECT_TRUE(pool.has_queue());
  EXPECT_TRUE(pool.submit([&] { done.count_down(); }));
  EXPECT_FALSE(pool.submit([] {}));
  release.count_down();
  done.wait();
  std::latch last(1);
  EXPECT_TRUE(pool.submit([&] { last.count_down(); }));
  last.wait();
}

TEST(WorkerPool, StopWaitsForTheJobThatRuns) {
  WorkerPool pool("test", 1, 2);
  std::latch running(1);
  std::atomic<bool> ended = false;
  ASSERT_TRUE(pool.submit([&] {
    running.count_down();
    ended = true;
  }));
  running.wait();
  pool.stop();
  EXPECT_TRUE(ended);
}

TEST(BodyBudget, IsExactAndGivenBack) {
  BodyBudget budget(10);
  {
    BodyReservation first(budget), second(budget);
    EXPECT_TRUE(first.grow(6));
    EXPECT_FALSE(second.grow(5));
    EXPECT_TRUE(second.grow(4));
    EXPECT_FALSE(first.grow(1));
    EXPECT_TRUE(first.grow(0));
  }
  BodyReservation all(budget);
  EXPECT_TRUE(all.grow(10)) << "nothing is lost by refusals";
  EXPECT_FALSE(all.grow(SIZE_MAX));
}

}  // namespace
}  // namespace imdsd::http
