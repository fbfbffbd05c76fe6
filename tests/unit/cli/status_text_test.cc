// SPDX-License-Identifier: MIT
#include "cli/status_text.h"

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

constexpr std::string_view kStatus = R"({
  "version": "0.1.0", "pid": 42, "started": "2026-01-01T00:00:00Z", "auth_mode": "enforce",
  "imds": {"listen": ["127.0.0.1:1338", "[::1]:1338"], "http_tokens": "optional",
           "http_endpoint": "enabled", "hop_limit": 2},
  "aws": {"listen": ["127.0.0.1:1339"], "account_id": "123456789012", "region": "us-east-1",
          "services": ["sts"]},
  "instances": [{"id": "i-1", "type": "t3.micro", "availability_zone": "us-east-1a",
    "profile": "p", "role": "app-role", "state": "valid",
    "access_key_ids": {"imdsv1": "ASIA1", "imdsv2": "ASIA2"},
    "expiration": "2026-01-01T06:00:00Z", "next_rotation": "2026-01-01T05:00:00Z",
    "last_updated": "2026-01-01T00:00:00Z", "error": "slow"}],
  "connections": {"open": 1, "accepted": 5, "refused": 0, "requests": 9, "bad_requests": 2}})";

TEST(StatusText, IsForPeople) {
  EXPECT_EQ(status_text(kStatus).value(),
            "imdsd 0.1.0  process 42  since 2026-01-01T00:00:00Z  auth.mode enforce\n"
            "IMDS      127.0.0.1:1338 [::1]:1338  enabled, IMDSv2 optional, hop limit 2\n"
            "AWS       127.0.0.1:1339  sts  account 123456789012  us-east-1\n"
            "instance  i-1  t3.micro  us-east-1a\n"
            "  role         app-role\n"
            "  credentials  valid, expiration 2026-01-01T06:00:00Z, next rotation "
            "2026-01-01T05:00:00Z\n"
            "  access keys  IMDSv1 ASIA1, IMDSv2 ASIA2\n"
            "  error        slow\n"
            "served    9 requests, 1 of 5 connections open, 0 refused, 2 bad requests\n");
}

TEST(StatusText, HasTheDoorsOfContainersAndOtherPorts) {
  const auto text = status_text(R"({"aws": {"tls_listen": ["127.0.0.1:1443"]},
      "admin": {"listen": ["127.0.0.1:9100"]}, "instances": [],
      "containers": {"ecs_listen": ["127.0.0.1:1341"], "eks_listen": [], "holders": [
        {"door": "ecs", "id": "arn:task", "role": "r", "state": "valid",
         "expiration": "2026-01-01T06:00:00Z"},
        {"door": "ecs", "id": "arn:other", "role": "s", "state": "failed", "error": "no trust"}]}})");
  EXPECT_NE(text->find("AWS TLS   127.0.0.1:1443\nadmin     127.0.0.1:9100\n"
                       "ECS       127.0.0.1:1341\n"
                       "  arn:task  role r  valid until 2026-01-01T06:00:00Z\n"
                       "  arn:other  role s  failed  no trust\nserved"),
            std::string::npos)
      << *text;
}

TEST(StatusText, SaysHowAnInstanceOfSeveralIsFound) {
  const auto text = status_text(R"({"instances": [{"name": "web", "id": "i-1", "type": "t3.micro",
      "availability_zone": "us-east-1a", "listen": ["127.0.0.1:1340"],
      "peers": ["10.0.0.0/24", "10.1.2.3"], "role": "r", "state": "valid"}]})");
  EXPECT_NE(text->find("instance  web  i-1  t3.micro  us-east-1a\n"
                       "  listen       127.0.0.1:1340\n"
                       "  peers        10.0.0.0/24 10.1.2.3\n"
                       "  role         r\n"),
            std::string::npos)
      << *text;
}

TEST(StatusText, ManyInstancesFitOnAScreenAndThoseInTroubleComeFirst) {
  std::string instances;
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    instances += (i == 0 ? "" : ",") + std::string(R"({"name": "web-)") + n + R"(", "id": "i-)" +
                 n + R"(", "role": "r", "state": "valid", "expiration": "E", "error": )" +
                 (i == 700 ? "\"not admitted\"" : "null") + "}";
  }
  const auto text = status_text(R"({"instances": [)" + instances + "]}").value();
  EXPECT_NE(text.find("instances 1000, 1 with errors\n"
                      "  web-700  i-700  role r  valid until E  not admitted\n"
                      "  web-0    i-0  role r  valid until E\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  and 980 more: `imdsctl status --instance NAME`, or `--json`\n"),
            std::string::npos)
      << text;
}

TEST(StatusText, MissingPartsAreDashes) {
  const auto text = status_text(R"({"instances": [{}], "imds": [], "connections": null})");
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("instance  -  -  -"), std::string::npos) << *text;
}

TEST(StatusText, EveryTruncationIsRefused) {
  for (std::size_t size = 0; size < kStatus.size(); ++size) {
    EXPECT_FALSE(status_text(kStatus.substr(0, size))) << size;
  }
  EXPECT_FALSE(status_text("[]"));
}

}  // namespace
}  // namespace imdsd::cli
