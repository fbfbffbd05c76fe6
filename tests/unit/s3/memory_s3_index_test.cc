// SPDX-License-Identifier: MIT
#include "tests/fakes/memory_s3_index.h"

#include "tests/support/s3_index_contract.h"

namespace imdsd::s3 {
namespace {

class InMemory : public testing::Test {
 protected:
  fakes::MemoryS3Index& index() { return index_; }

 private:
  fakes::MemoryS3Index index_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(MemoryS3Index, IndexContract, InMemory);

TEST_F(InMemory, FailsOnceWhenItIsTold) {
  index().fail_next = true;
  const auto done = index().create_bucket(sample_bucket("bucket"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, IndexErrc::failed);
  EXPECT_EQ(done.error().error.code, base::Errc::unavailable);
  EXPECT_TRUE(index().create_bucket(sample_bucket("bucket")));
}

}  // namespace
}  // namespace imdsd::s3
