// SPDX-License-Identifier: MIT
#include "gateway/recent_requests.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::gateway {
namespace {

AuditRecord call(const std::string& id, bool denied = false) {
  AuditRecord record;
  record.request_id = id;
  record.service = "sts";
  record.action = "AssumeRole";
  record.status = denied ? 403 : 200;
  record.decision.emplace();
  if (!denied) record.decision->reason = iam::Decision::Reason::allowed;
  return record;
}

std::vector<std::string> ids(const std::vector<RecentRequest>& requests) {
  std::vector<std::string> out;
  for (const auto& request : requests) out.push_back(request.request_id);
  return out;
}

bool any(const RecentRequest&) {
  return true;
}

using Ids = std::vector<std::string>;

TEST(RecentRequests, KeepsNothingBeforeSomebodyMayLook) {
  RecentRequests requests;
  requests.add(call("early"));
  requests.start();
  requests.add(call("late", true));
  const auto list = requests.list(0, 10, any);
  ASSERT_EQ(ids(list), Ids{"late"});
  EXPECT_EQ(list[0].decision, "implicit deny");
  EXPECT_EQ(list[0].decided_by, "identity-based policy");
  EXPECT_EQ(list[0].status, 403);
}

TEST(RecentRequests, ListsTheNewestFirstAndNoMoreThanIsWanted) {
  RecentRequests requests;
  requests.start();
  for (int i = 1; i <= 300; ++i) requests.add(call(std::to_string(i)));
  EXPECT_EQ(requests.list(0, 1000, any).size(), RecentRequests::kKept);
  EXPECT_EQ(ids(requests.list(0, 2, any)), (Ids{"300", "299"}));
  EXPECT_EQ(ids(requests.list(298, 1000, any)), (Ids{"300", "299"}));
  EXPECT_TRUE(requests.list(300, 1000, any).empty());
  EXPECT_EQ(ids(requests.list(0, 1, [](const auto& each) { return each.request_id == "200"; })),
            Ids{"200"});
}

}  // namespace
}  // namespace imdsd::gateway
