// SPDX-License-Identifier: MIT
#include "http/body_budget.h"

#include <gtest/gtest.h>

namespace imdsd::http {
namespace {

constexpr std::size_t kSmall = BodyBudget::kSmallBodyBytes;

TEST(BodyBudget, LargeBodiesLeaveAQuarterToSmallOnes) {
  BodyBudget budget(16 * kSmall);
  BodyReservation large(budget);
  while (large.grow(kSmall / 2)) {
  }
  BodyReservation another(budget);
  EXPECT_FALSE(another.grow(kSmall + 1));
  BodyReservation small(budget);
  EXPECT_TRUE(small.grow(kSmall));
  EXPECT_FALSE(small.grow(1)) << "it is no longer small";
}

TEST(BodyBudget, IsGivenBack) {
  BodyBudget budget(kSmall);
  {
    BodyReservation held(budget);
    ASSERT_TRUE(held.grow(kSmall));
    BodyReservation refused(budget);
    EXPECT_FALSE(refused.grow(1));
  }
  BodyReservation next(budget);
  EXPECT_TRUE(next.grow(kSmall));
}

}  // namespace
}  // namespace imdsd::http
