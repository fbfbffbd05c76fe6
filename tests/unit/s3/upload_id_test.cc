// SPDX-License-Identifier: MIT
#include "s3/upload_id.h"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/fakes/scripted_random.h"

namespace imdsd::s3 {
namespace {

TEST(UploadId, SortsByTimeAndIsNeverTheSame) {
  fakes::ScriptedRandom random;
  const base::SystemTime now{std::chrono::seconds(1'800'000'000)};
  const std::string first = make_upload_id(now, random);
  const std::string second = make_upload_id(now, random);
  const std::string later = make_upload_id(now + std::chrono::microseconds(1), random);
  EXPECT_EQ(first.size(), 80U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(first, second);
  EXPECT_LT(first, later);
  EXPECT_LT(second, later);
}

}  // namespace
}  // namespace imdsd::s3
