// SPDX-License-Identifier: MIT
#include "iam/condition_key_table.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

TEST(ConditionKeyTable, KnowsTheKeysOfConditionalWritesToS3) {
  for (const char* key : {"s3:if-match", "s3:if-none-match", "s3:x-amz-object-ownership",
                          "s3:x-amz-website-redirect-location", "s3:prefix", "s3:tlsversion"}) {
    EXPECT_FALSE(is_never_filled(key)) << key;
  }
}

TEST(ConditionKeyTable, TellsKeysThatNoRequestHas) {
  EXPECT_TRUE(is_never_filled("s3:dataaccesspointarn"));
  EXPECT_TRUE(is_never_filled("aws:nosuchkey"));
  EXPECT_TRUE(is_never_filled("username"));
}

TEST(ConditionKeyTable, DoesNotJudgeOthersKeys) {
  EXPECT_FALSE(is_never_filled("accounts.google.com:aud"));
  EXPECT_FALSE(is_never_filled("dynamodb:leadingkeys"));
}

}  // namespace
}  // namespace imdsd::iam
