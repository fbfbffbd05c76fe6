// SPDX-License-Identifier: MIT
#include "base/result.h"

#include <memory>

#include <gtest/gtest.h>

#include "base/snapshot_cell.h"

namespace imdsd::base {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(Errc::invalid_argument, "`" + std::to_string(n) + "` is odd");
  return n / 2;
}
Result<void> check(int n) {
  IMDSD_TRY(const int ignored, half(n));
  static_cast<void>(ignored);
  return {};
}
Result<std::unique_ptr<int>> quarter(int n) {
  IMDSD_TRY_VOID(check(n));
  IMDSD_TRY(const int once, half(n));
  IMDSD_TRY(const int twice, half(once));
  return std::make_unique<int>(twice);
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
  EXPECT_EQ(*quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error(), (Error{Errc::invalid_argument, "`3` is odd"}));
  EXPECT_EQ(quarter(7).error(), (Error{Errc::invalid_argument, "`7` is odd"}));
}

TEST(Result, FailInAddsContextAndKeepsTheCode) {
  const Result<int> failed = fail_in("loading", Error{Errc::not_found, "no file"});
  EXPECT_EQ(failed.error(), (Error{Errc::not_found, "loading: no file"}));
}

TEST(SnapshotCell, ReadersKeepWhatTheyLoaded) {
  SnapshotCell<int> cell(std::make_shared<const int>(1));
  const auto before = cell.load();
  cell.store(std::make_shared<const int>(2));
  EXPECT_EQ(*before, 1);
  EXPECT_EQ(*cell.load(), 2);
  EXPECT_EQ(SnapshotCell<int>().load(), nullptr);
}

}  // namespace
}  // namespace imdsd::base
