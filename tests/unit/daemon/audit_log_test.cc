// SPDX-License-Identifier: MIT
#include "daemon/audit_log.h"

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/task_group.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/unit/daemon/temp_dir.h"

namespace imdsd::daemon {
namespace {

using nlohmann::json;

std::vector<json> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<json> out;
  for (std::string line; std::getline(file, line);) out.push_back(json::parse(line));
  return out;
}

class AuditLogTest : public testing::Test {
 protected:
  AuditLogTest() { base::configure_log(base::LogLevel::error, base::LogFormat::text); }

  void open(const AuditConfig& config) { log_.write_to(AuditTarget::open(config).value()); }
  void deliver(const std::string& key, std::string target = "/latest/x?secret") {
    const auto request = fakes::HttpRequestBuilder("GET", std::move(target))
                             .from("127.0.0.1:4711")
                             .to("127.0.0.1:1338")
                             .build();
    deliver(key, request);
  }
  void deliver(const std::string& key, const base::HttpRequest& request) {
    log_.record(imds::CredentialDelivery{fakes::ManualClock::kStart + std::chrono::milliseconds(7),
                                         "i-1", "imdsv2", key, request});
  }
  void call(const std::string& key, std::string resource = "") {
    gateway::AuditRecord record;
    record.resource = std::move(resource);
    record.time = fakes::ManualClock::kStart;
    record.request_id = "request-1";
    record.service = "sts";
    record.action = "GetCallerIdentity";
    record.caller_arn = "arn:aws:sts::123456789012:assumed-role/app-role/i-1";
    record.access_key_id = key;
    record.source_ip = "127.0.0.1";
    record.status = 200;
    log_.record(record);
  }
  /// What waits is written; the thread's loop ends only then.
  void write() {
    base::TaskGroup group;
    group.spawn("audit", [this](std::stop_token stop) { log_.run(std::move(stop)); });
  }

  TempDir dir_;
  const std::string file_ = dir_ / "audit.jsonl";
  gateway::RecentDenials denials_;
  gateway::RecentRequests requests_;
  AuditLog log_{denials_, requests_};
};

TEST_F(AuditLogTest, ADeliveryAndItsUseJoinByTheAccessKeyId) {
  open({.file = file_});
  deliver("ASIAONE");
  call("ASIAONE");
  write();
  const auto lines = lines_of(file_);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], json::parse(R"({"time":")" + std::string(lines[0]["time"]) +
                                  R"(","event":"delivery","instance_id":"i-1","door":"imdsv2",)"
                                  R"("access_key_id":"ASIAONE","path":"/latest/x",)"
                                  R"("peer":"127.0.0.1:4711"})"));
  EXPECT_TRUE(std::string(lines[0]["time"]).ends_with(".007Z")) << lines[0];
  EXPECT_EQ(lines[1]["event"], "call");
  EXPECT_EQ(lines[1]["action"], "GetCallerIdentity");
  EXPECT_EQ(lines[1]["access_key_id"], lines[0]["access_key_id"]);
  EXPECT_EQ(log_.stats().written, 2U);
  EXPECT_EQ(log_.calls().rows().size(), 1U);
}

TEST_F(AuditLogTest, APeerOnAUnixSocketIsTheKernelsWord) {
  open({.file = file_});
  base::HttpRequest request;
  request.target = "/v1/credentials";
  request.peer.unix_credentials = {.pid = 42, .uid = 1000, .gid = 1000};
  deliver("ASIAONE", request);
  write();
  const auto line = lines_of(file_).at(0);
  EXPECT_EQ(line["peer"], "unix");
  EXPECT_EQ(line["pid"], 42);
  EXPECT_EQ(line["uid"], 1000);
}

TEST_F(AuditLogTest, WithoutAFileCallsAreCountedAllTheSame) {
  deliver("ASIAONE");
  call("ASIAONE");
  write();
  EXPECT_EQ(log_.calls().rows().size(), 1U);
  EXPECT_EQ(log_.stats().written, 0U);
  EXPECT_EQ(log_.stats().dropped, 0U);
}

TEST_F(AuditLogTest, WithoutAFileTheLogTellsAtDebug) {
  base::configure_log(base::LogLevel::debug, base::LogFormat::text);
  testing::internal::CaptureStderr();
  deliver("ASIAONE");
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("credentials delivered instance=i-1 door=imdsv2 access_key_id=ASIAONE"),
            std::string::npos)
      << log;
}

TEST_F(AuditLogTest, WhatDoesNotFitIsCountedAndTold) {
  open({.file = file_});
  for (std::size_t i = 0; i < AuditLog::kMaxWaiting + 3; ++i) deliver("ASIAONE");
  EXPECT_EQ(log_.stats().dropped, 3U);
  write();
  const auto lines = lines_of(file_);
  ASSERT_EQ(lines.size(), AuditLog::kMaxWaiting + 1);
  EXPECT_EQ(lines.back()["event"], "lost");
  EXPECT_EQ(lines.back()["records"], 3);
  EXPECT_EQ(log_.stats().written, AuditLog::kMaxWaiting);
}

TEST_F(AuditLogTest, LongLinesWaitInBoundedMemory) {
  open({.file = file_});
  const std::string half(AuditLog::kMaxWaitingBytes / 2 - 10'000, 'x');
  for (int i = 0; i < 3; ++i) call("ASIAONE", half);
  EXPECT_EQ(log_.stats().dropped, 1U);
  write();
  call("ASIAONE", half);
  EXPECT_EQ(log_.stats().dropped, 1U) << "there is room again";
  write();
  EXPECT_EQ(lines_of(file_).size(), 4U) << "with the one that tells of the loss";
}

TEST_F(AuditLogTest, AFileThatWasRotatedIsOpenedAgain) {
  open({.file = file_});
  deliver("ASIAONE");
  write();
  std::filesystem::rename(file_, file_ + ".1");
  open({.file = file_});
  deliver("ASIATWO");
  write();
  EXPECT_EQ(lines_of(file_ + ".1").at(0)["access_key_id"], "ASIAONE");
  EXPECT_EQ(lines_of(file_).at(0)["access_key_id"], "ASIATWO");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AuditLogTest, AFileThatDoesNotOpenIsNamed) {
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(AuditTarget::open({.file = dir_ / "pipe"}).error().message,
            "audit.file: cannot open `" + (dir_ / "pipe") + "`: nobody reads from this pipe");
  const auto target = AuditTarget::open({.file = dir_ / "no/such/folder"});
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message, "audit.file: cannot open `" + (dir_ / "no/such/folder") +
                                        "`: no such file or directory");
}

TEST_F(AuditLogTest, AFullDiskLosesRecordsAndSaysSoOnce) {
  open({.file = "/dev/full"});
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    deliver("ASIAONE");
    write();
  }
  const std::string log = testing::internal::GetCapturedStderr();
  const auto first = log.find("audit records are lost");
  EXPECT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("audit records are lost", first + 1), std::string::npos) << log;
  EXPECT_EQ(log_.stats().dropped, 3U);
  EXPECT_EQ(log_.stats().written, 0U);
}

TEST_F(AuditLogTest, LinesStayLinesWhateverThePathIs) {
  open({.file = file_});
  deliver("ASIAONE", "/latest/\"\n{}\xFF" + std::string(100'000, 'x'));
  write();
  const auto lines = lines_of(file_);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LT(std::string(lines[0]["path"]).size(), 1000U);
}

}  // namespace
}  // namespace imdsd::daemon
