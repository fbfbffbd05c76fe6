// SPDX-License-Identifier: MIT
#include "gateway/audit.h"

#include <string>

#include <gtest/gtest.h>

#include "base/log.h"

namespace imdsd::gateway {
namespace {

AuditRecord call() {
  AuditRecord record;
  record.request_id = "request-1";
  record.service = "sts";
  record.action = "AssumeRole\nforged";
  record.caller_arn = "arn:aws:iam::123456789012:user/dev";
  record.status = 403;
  record.error_code = "AccessDenied";
  record.decision.emplace();
  record.decision->reason = iam::Decision::Reason::explicit_deny;
  return record;
}

std::string logged(const AuditRecord& record, base::LogLevel level) {
  base::configure_log(level, base::LogFormat::text);
  testing::internal::CaptureStderr();
  RecentDenials denials;
  LogAuditSink(denials).record(record);
  return testing::internal::GetCapturedStderr();
}

TEST(LogAuditSink, KeepsTheLastDenialsToBeExplained) {
  RecentDenials denials;
  LogAuditSink sink(denials);
  AuditRecord record = call();
  sink.record(record);
  EXPECT_FALSE(denials.find(record.request_id)) << "not a denial";
  EXPECT_FALSE(denials.find("")) << "nor is there another one";
  const iam::Caller caller;
  record.explanation = iam::Explanation({}, {&caller, "sts:AssumeRole", {}, "", {}}, {});
  sink.record(record);
  const auto denial = denials.find(record.request_id);
  ASSERT_TRUE(denial);
  EXPECT_EQ(denial->explanation.text().substr(0, 13), "implicit deny");
  for (int i = 0; i < 256; ++i) {
    record.request_id = "later-" + std::to_string(i);
    sink.record(record);
  }
  EXPECT_FALSE(denials.find("request-1"));
  EXPECT_TRUE(denials.find("later-254"));
  EXPECT_EQ(denials.find("")->request_id, "later-255") << "the last one";
}

TEST(LogAuditSink, WritesCallsAtDebugOnOneLine) {
  const std::string line = logged(call(), base::LogLevel::debug);
  for (const char* part : {"request-1", "arn:aws:iam::123456789012:user/dev", "AccessDenied",
                           "explicit deny", "403"}) {
    EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
  }
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(logged(call(), base::LogLevel::info), "");
}

TEST(LogAuditSink, WarnsOfWhatAuditModeLetPass) {
  auto record = call();
  record.would_deny = true;
  EXPECT_NE(logged(record, base::LogLevel::warn).find("would deny"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::gateway
