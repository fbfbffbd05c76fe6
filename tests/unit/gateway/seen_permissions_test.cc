// SPDX-License-Identifier: MIT
#include "gateway/seen_permissions.h"

#include <gtest/gtest.h>

namespace imdsd::gateway {
namespace {

TEST(PermissionHolder, IsTheSameForAnEntityAndItsSessions) {
  const std::string role = "123456789012:role/app";
  EXPECT_EQ(permission_holder("arn:aws:sts::123456789012:assumed-role/app/session"), role);
  EXPECT_EQ(permission_holder("arn:aws:iam::123456789012:role/path/to/app"), role);
  EXPECT_EQ(permission_holder("arn:aws:iam::123456789012:user/team/dev"), "123456789012:user/dev");
  EXPECT_EQ(permission_holder("arn:aws:sts::123456789012:federated-user/x"),
            "123456789012:federated-user/x");
  EXPECT_EQ(permission_holder("arn:aws:iam::123456789012:root"), "123456789012:root");
  for (const char* other : {"", "dev", "arn:aws:s3:::user/dev", "arn:aws:iam::123456789012:group/g",
                            "arn:aws:iam::123456789012:user"}) {
    EXPECT_EQ(permission_holder(other), "") << other;
  }
}

AuditRecord call(const std::string& caller, const std::string& resource) {
  AuditRecord record;
  record.caller_arn = caller;
  record.permissions = {{"s3:GetObject", resource, "", true}};
  return record;
}

TEST(SeenPermissions, KeepsEachOnceByItsHolder) {
  SeenPermissions seen;
  for (int i = 0; i < 3; ++i) {
    seen.add(call("arn:aws:sts::123456789012:assumed-role/app/s" + std::to_string(i), "one"));
  }
  seen.add(call("arn:aws:sts::123456789012:assumed-role/app/s", "two"));
  seen.add(call("arn:aws:iam::123456789012:user/dev", "one"));
  seen.add(call("ec2.amazonaws.com", "one"));
  EXPECT_EQ(seen.of("123456789012:role/app").permissions.size(), 2U);
  EXPECT_EQ(seen.of("123456789012:user/dev").permissions.size(), 1U);
  EXPECT_TRUE(seen.of("123456789012:user/other").permissions.empty());
  EXPECT_EQ(seen.holders().size(), 2U);
}

TEST(SeenPermissions, IsBounded) {
  SeenPermissions seen;
  for (std::size_t i = 0; i < NeededPermissions::kMost + 5; ++i) {
    seen.add(call("arn:aws:iam::123456789012:user/dev", std::to_string(i)));
  }
  const auto needed = seen.of("123456789012:user/dev");
  EXPECT_EQ(needed.permissions.size(), NeededPermissions::kMost);
  EXPECT_TRUE(needed.more);
  for (std::size_t i = 0; i < SeenPermissions::kMaxHolders + 5; ++i) {
    seen.add(call("arn:aws:iam::123456789012:user/u" + std::to_string(i), "one"));
  }
  EXPECT_EQ(seen.holders().size(), SeenPermissions::kMaxHolders);
  EXPECT_EQ(seen.forgotten(), 6U);
  EXPECT_TRUE(seen.of("123456789012:user/dev").permissions.empty()) << "the oldest";
  EXPECT_EQ(seen.of("123456789012:user/u1004").permissions.size(), 1U);
}

TEST(SeenPermissions, ForgetsThoseThatWereNotSeenForLongest) {
  SeenPermissions seen;
  const std::string half(SeenPermissions::kMaxBytes / 2 - 1000, 'k');
  seen.add(call("arn:aws:iam::123456789012:user/a", half));
  seen.add(call("arn:aws:iam::123456789012:user/b", half));
  seen.add(call("arn:aws:iam::123456789012:user/a", half));
  seen.add(call("arn:aws:iam::123456789012:user/c", half));
  EXPECT_EQ(seen.holders(),
            (std::vector<std::string>{"123456789012:user/a", "123456789012:user/c"}));
  EXPECT_EQ(seen.forgotten(), 1U);
}

}  // namespace
}  // namespace imdsd::gateway
