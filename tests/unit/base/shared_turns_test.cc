// SPDX-License-Identifier: MIT
#include "base/shared_turns.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

struct Work {
  int number;
  bool done = false;
};

class SharedTurnsTest : public testing::Test {
 protected:
  /// Each batch ends when `end(its number)` is true.
  template <class End>
  void run(int number, End end) {
    Work work{number};
    turns_.run(work, [&](const std::vector<Work*>& works) {
      const std::size_t batch = batches_++;
      sizes_.push_back(works.size());
      while (!end(batch)) std::this_thread::yield();
    });
    ++returned_;
  }

  SharedTurns<Work> turns_;
  std::atomic<std::size_t> batches_ = 0;
  std::vector<std::size_t> sizes_;  // of who has the turn
  std::atomic<int> returned_ = 0;
};

TEST_F(SharedTurnsTest, WhoseWorkIsDoneDoesNotWaitForTheNext) {
  const auto end = [this](std::size_t batch) {
    if (batch == 0) return turns_.waiting() == 2;
    if (batch == 1) return turns_.waiting() == 1;
    return returned_ == 3;  // the last batch is at it until all before it have gone on
  };
  std::vector<std::jthread> threads;
  threads.emplace_back([&] { run(0, end); });
  while (batches_ < 1) std::this_thread::yield();
  for (int number = 1; number <= 2; ++number)
    threads.emplace_back([&, number] { run(number, end); });
  while (batches_ < 2) std::this_thread::yield();
  threads.emplace_back([&] { run(3, end); });
  threads.clear();
  EXPECT_EQ(sizes_, (std::vector<std::size_t>{1, 2, 1}));
}

TEST_F(SharedTurnsTest, WhoIsAloneTakesNobodyAlong) {
  std::jthread other;
  const std::size_t waited = turns_.run_alone([&] {
    other = std::jthread([&] { run(0, [](std::size_t) { return true; }); });
    while (turns_.waiting() < 1) std::this_thread::yield();
    EXPECT_EQ(batches_, 0U);
    return turns_.waiting();
  });
  EXPECT_EQ(waited, 1U);
  other.join();
  EXPECT_EQ(batches_, 1U);
}

}  // namespace
}  // namespace imdsd::base
